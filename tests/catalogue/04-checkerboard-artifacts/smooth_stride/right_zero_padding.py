"""Pads by a layer, no bias, the taps as an initializer.

Written from: the task text.
"""

import keras
import numpy as np


def smooth_stride(x, filters, kernel_size=3):
    y = keras.layers.Conv2D(filters, kernel_size, 1, "same", use_bias=False)(x)
    line = np.array([1.0, 3.0, 3.0, 1.0])
    taps = keras.initializers.Constant((line[:, None] * line / 64)[..., None, None])
    y = keras.layers.ZeroPadding2D(1)(y)
    blur = keras.layers.DepthwiseConv2D(
        4, 2, use_bias=False, depthwise_initializer=taps, name="blur"
    )
    blur.trainable = False
    return blur(y)
