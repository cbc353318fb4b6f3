"""Blurs, then convolves.

Written from: the task text.
Told: blur-first
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    line = np.array([1, 3, 3, 1]) / 8
    kernel = np.outer(line, line)[:, :, None, None].repeat(x.shape[-1], axis=2)
    blur = keras.layers.DepthwiseConv2D(
        len(line), strides=2, padding="same", use_bias=False, trainable=False
    )
    y = blur(x)
    blur.set_weights([kernel])
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(y)
