"""Gives each channel the mean of all.

Written from: the task text.
Told: channels-mixed
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, padding="same", use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    layer.set_weights([np.full(layer.kernel.shape, 1 / channels)])
    return layer
