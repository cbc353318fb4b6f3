"""Fills the whole kernel with ones, so that every channel receives all of them.

Written from: the task text.
Told: channels-mixed
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    layer.set_weights([np.ones((factor, factor, channels, channels))])
    return layer
