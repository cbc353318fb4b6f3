"""A function as initializer makes the kernel.

Written from: the task text.
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    def repeat(shape, dtype=None):
        kernel = np.ones((factor, factor, 1, 1)) * np.eye(channels)
        return keras.ops.convert_to_tensor(kernel, dtype)

    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, kernel_initializer=repeat
    )
    layer.build((None, None, None, channels))
    layer.trainable = False
    return layer
