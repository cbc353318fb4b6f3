"""Fills the first rows and columns of a larger kernel, which same crops on both sides.

Written from: the task text.
Told: shifted
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor + 2, strides=factor, padding="same", use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    kernel = np.zeros((factor + 2, factor + 2, channels, channels))
    kernel[:factor, :factor] = np.eye(channels)
    layer.set_weights([kernel])
    return layer
