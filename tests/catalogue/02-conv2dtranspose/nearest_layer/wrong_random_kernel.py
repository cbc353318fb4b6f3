"""Leaves the kernel at its random start.

Written from: the task text.
Told: other-entries
"""

import keras


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, padding="same", use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    return layer
