"""Calls the layer once, so that it is built; the kernel is a tiled identity.

Written from: the task text.
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, (factor, factor), strides=(factor, factor), use_bias=False
    )
    layer(np.zeros((1, 2, 3, channels), dtype="float32"))
    layer.set_weights([np.tile(np.eye(channels), (factor, factor, 1, 1))])
    layer.trainable = False
    return layer
