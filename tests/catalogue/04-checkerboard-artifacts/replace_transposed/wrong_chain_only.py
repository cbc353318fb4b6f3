"""Treats every model as a chain.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import keras


def replace_transposed(model):
    layers = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
            layers.append(keras.layers.UpSampling2D(layer.strides))
            keep = ("filters", "kernel_size", "activation", "use_bias")
            options = {key: getattr(layer, key) for key in keep}
            layers.append(keras.layers.Conv2D(padding="same", **options))
        else:
            layers.append(layer.__class__.from_config(layer.get_config()))
    new = keras.Sequential(layers)
    for layer in model.layers:
        if layer.name in [kept.name for kept in new.layers]:
            new.get_layer(layer.name).set_weights(layer.get_weights())
    return new
