"""Blurs rows, then columns, and keeps every second pixel at the end.

Written from: the task text.
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    for shape in [(4, 1), (1, 4)]:
        line = np.reshape([1, 3, 3, 1], shape)[:, :, None, None] / 8
        kernel = np.tile(line, (1, 1, filters, 1)).astype("float32")
        x = keras.ops.depthwise_conv(
            keras.ops.pad(x, [(0, 0), (shape[0] // 4,) * 2, (shape[1] // 4,) * 2, (0, 0)]), kernel
        )
    return x[:, ::2, ::2]
