"""Builds backwards from the output; a Sequential becomes one again.

Written from: the task text.
"""

import keras


def replace_transposed(model):
    if isinstance(model, keras.Sequential):
        new = [keras.Input(model.input_shape[1:])]
        for layer in model.layers:
            new.extend(_instead(layer))
        rebuilt = keras.Sequential(new)
    else:
        maker = {id(layer.output): layer for layer in model.layers}
        made = {id(model.inputs[0]): keras.Input(model.input_shape[1:])}

        def build(tensor):
            if id(tensor) not in made:
                layer = maker[id(tensor)]
                x = layer.input
                x = [build(t) for t in x] if isinstance(x, list) else build(x)
                for part in _instead(layer):
                    x = part(x)
                made[id(tensor)] = x
            return made[id(tensor)]

        rebuilt = keras.Model(made[id(model.inputs[0])], build(model.outputs[0]))
    names = {layer.name: layer for layer in rebuilt.layers}
    for layer in model.layers:
        if layer.name in names and layer.weights:
            names[layer.name].set_weights(layer.get_weights())
    return rebuilt


def _instead(layer):
    config = layer.get_config()
    if layer.__class__.__name__ == "Conv2DTranspose" and layer.strides[0] in (2, 3):
        keep = ("filters", "kernel_size", "activation", "use_bias")
        convolution = keras.layers.Conv2D(padding="same", **{key: config[key] for key in keep})
        return [keras.layers.UpSampling2D(layer.strides[0]), convolution]
    return [layer.__class__.from_config(config)]
