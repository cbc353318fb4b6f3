"""Blurs by an ordinary convolution, which adds the channels.

Written from: the task text.
Told: channels-mixed
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    line = np.array([1, 3, 3, 1]) / 8
    kernel = np.tile(np.outer(line, line)[:, :, None, None], (1, 1, filters, filters))
    return keras.ops.conv(x, kernel.astype("float32"), strides=2, padding="same")
