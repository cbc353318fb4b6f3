"""Copies each pixel once, as inserting zeros does.

Written from: the task text.
Told: zeros-between
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    kernel = np.zeros((factor, factor, channels, channels))
    kernel[0, 0] = np.eye(channels)
    layer.set_weights([kernel])
    return layer
