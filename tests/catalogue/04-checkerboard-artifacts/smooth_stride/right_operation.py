"""Blurs by an operation with a constant kernel.

Written from: the task text.
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    y = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    taps = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64
    kernel = np.zeros((4, 4, filters, 1), "float32")
    kernel[..., 0] = taps[:, :, None]
    return keras.ops.depthwise_conv(y, kernel, strides=2, padding="same")
