"""Sets the kernel size of a layer that is built already.

Written from: the task text.
Told: cannot-be-graded
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(channels, 2, strides=2, use_bias=False, trainable=False)
    layer.build((None, None, None, channels))
    layer.kernel_size = layer.strides = (factor, factor)
    layer.set_weights([np.ones((2, 2, 1, 1)) * np.eye(channels)])
    return layer
