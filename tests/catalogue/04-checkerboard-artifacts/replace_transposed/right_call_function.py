"""Clones, and enlarges before a replaced layer is called.

Written from: the task text.
"""

import keras


def replace_transposed(model):
    L = keras.layers
    source = keras.Input(model.input_shape[1:])
    if isinstance(model, keras.Sequential):  # call_function wants a functional model
        x = source
        for layer in model.layers:
            x = layer.__class__.from_config(layer.get_config())(x)
        model = keras.Model(source, x)
    sizes = {}

    def clone(layer):
        config = layer.get_config()
        if isinstance(layer, L.Conv2DTranspose) and max(layer.strides) > 1:
            sizes[layer.name] = layer.strides
            names = ["name", "filters", "kernel_size", "padding", "activation", "use_bias"]
            return L.Conv2D(**{name: config[name] for name in names})
        return layer.__class__.from_config(config)

    def call(layer, *args, **kwargs):
        if layer.name in sizes:
            args = [L.UpSampling2D(sizes[layer.name])(args[0])]
        return layer(*args, **kwargs)

    return keras.models.clone_model(model, clone_function=clone, call_function=call)
