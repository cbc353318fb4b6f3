"""Ends in ReLU, so that pixels below zero are lost.

Written from: the task text.
Told: activation
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False, activation="relu"
    )
    layer.build((None, None, None, channels))
    layer.set_weights([np.ones((factor, factor, 1, 1)) * np.eye(channels)])
    return layer
