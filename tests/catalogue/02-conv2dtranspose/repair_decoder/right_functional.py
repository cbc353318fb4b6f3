"""Chains new layers in functional style; odd kernels get an `output_padding` of 1.

Written from: the task text.
"""

import keras


def repair_decoder(model):
    inputs = keras.Input(model.input_shape[1:])
    x = inputs
    for layer in model.layers:
        config = layer.get_config()
        if type(layer) is keras.layers.Conv2DTranspose and tuple(layer.strides) == (2, 2):
            config.update(padding="same", output_padding=1 if layer.kernel_size[0] % 2 else None)
        x = type(layer).from_config(config)(x)
    return keras.Model(inputs, x)
