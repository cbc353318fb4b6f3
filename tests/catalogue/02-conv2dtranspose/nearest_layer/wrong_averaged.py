"""Divides by the size of the block, as if the pixel were shared out.

Written from: the task text.
Told: shared-out
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    layer.set_weights([np.ones((factor, factor, 1, 1)) * np.eye(channels) / factor**2])
    return layer
