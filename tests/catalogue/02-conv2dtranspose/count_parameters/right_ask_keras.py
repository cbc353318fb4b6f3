"""Builds the layer and lets Keras count.

Written from: the task text.
"""

import keras


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    layer = keras.layers.Conv2DTranspose(out_channels, kernel_size, use_bias=use_bias)
    layer.build((None, 8, 8, in_channels))
    return sum(int(weight.shape.num_elements()) for weight in layer.weights)
