"""Lets Keras stamp a kernel of ones, and looks at one period.

Written from: the task text.
"""

import keras
import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = np.broadcast_to(kernel_size, 2)
    x = np.ones((1, 2 * kh, 2 * kw, in_channels), dtype="float32")
    kernel = np.ones((kh, kw, 1, in_channels), dtype="float32")
    y = keras.ops.conv_transpose(x, kernel, strides=stride, padding="valid")
    period = np.asarray(y)[0, stride * kh :, stride * kw :, 0][:stride, :stride]
    return np.sqrt(2 / period.mean(dtype="float64"))
