"""Puts the identity on the kernel's height and width.

Written from: the task text.
Told: diagonal
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, padding="same", use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    kernel = np.eye(factor)[:, :, None, None] * np.eye(channels)
    layer.set_weights([kernel])
    return layer
