"""Fills a kernel of zeros channel by channel and assigns it.

Written from: the task text.
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(channels, factor, strides=factor, padding="same")
    layer.build((None, None, None, channels))
    kernel = np.zeros((factor, factor, channels, channels))
    for c in range(channels):
        kernel[:, :, c, c] = 1
    layer.kernel.assign(kernel)
    layer.bias.assign(np.zeros(channels))
    layer.trainable = False
    return layer
