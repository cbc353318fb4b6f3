"""Reflects the image at its border, as blur-pooling libraries do.

Written from: the task text.
Told: edges
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    line = np.array([1, 3, 3, 1]) / 8
    kernel = np.tile(np.outer(line, line)[:, :, None, None], (1, 1, filters, 1))
    x = keras.ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="reflect")
    return keras.ops.depthwise_conv(x, kernel.astype("float32"), strides=2)
