"""Fills a 2x2 kernel with ones, whatever the factor.

Written from: the task text.
Told: gaps
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, 2, strides=factor, padding="same", use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    layer.set_weights([np.ones((2, 2, 1, 1)) * np.eye(channels)])
    return layer
