"""Sets all weights to one, the bias included.

Written from: the task text.
Told: bias
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(channels, factor, strides=factor, trainable=False)
    layer.build((None, None, None, channels))
    kernel = np.ones((factor, factor, 1, 1)) * np.eye(channels)
    layer.set_weights([kernel, np.ones(channels)])
    return layer
