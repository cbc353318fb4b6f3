"""Puts the ones on the other diagonal of the channel axes.

Written from: the task text.
Told: channels-reversed
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    kernel = np.ones((factor, factor, 1, 1)) * np.fliplr(np.eye(channels))
    layer.set_weights([kernel])
    return layer
