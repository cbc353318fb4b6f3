"""Leaves the kernel to an initializer and never builds the layer.

Written from: the task text.
Told: not-built
"""

import keras


def nearest_layer(factor, channels):
    return keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, kernel_initializer="ones", trainable=False
    )
