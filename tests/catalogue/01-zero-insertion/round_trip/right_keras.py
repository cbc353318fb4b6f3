"""Lets Keras go there and back, in float32, and returns its tensor.

Written from: the task text.
"""

import keras
import numpy as np


def round_trip(x, kernels, stride):
    kernel = np.moveaxis(np.asarray(kernels, "float32"), 0, -1)[:, :, None, :]
    y = keras.ops.conv(np.array(x, "float32")[None, :, :, None], kernel, strides=stride)
    z = keras.ops.conv_transpose(y, kernel, strides=stride)
    return z[0, : x.shape[0], : x.shape[1], 0]
