"""A kernel twice as large, with zeros around its block of ones.

Written from: the task text.
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(channels, 2 * factor, strides=factor, padding="same")
    layer(np.zeros((1, 1, 1, channels), "float32"))
    kernel = np.zeros((2 * factor, 2 * factor, channels, channels))
    first = factor // 2
    kernel[first : first + factor, first : first + factor] = np.eye(channels)
    layer.set_weights([kernel, np.zeros(channels)])
    layer.trainable = False
    return layer
