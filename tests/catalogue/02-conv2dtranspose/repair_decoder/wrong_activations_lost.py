"""Builds new layers from the sizes only, so that the activations are gone.

Written from: the task text.
Told: setting-changed
"""

import keras


def repair_decoder(model):
    layers = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            layers.append(
                keras.layers.Conv2DTranspose(
                    layer.filters,
                    layer.kernel_size,
                    strides=2,
                    padding="same",
                    use_bias=layer.use_bias,
                )
            )
        else:
            layers.append(type(layer).from_config(layer.get_config()))
    return keras.Sequential(layers)
