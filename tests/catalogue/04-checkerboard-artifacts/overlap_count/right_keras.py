"""Asks Keras and crops what it adds for strides larger than the kernel.

Written from: the task text.
"""

import keras
import numpy as np


def overlap_count(n, kernel_size, stride):
    length = (n - 1) * stride + kernel_size
    ones = np.ones((1, n, n, 1), "float32")
    kernel = np.ones((kernel_size, kernel_size, 1, 1), "float32")
    y = keras.ops.conv_transpose(ones, kernel, strides=stride, padding="valid")
    return np.rint(np.asarray(y)[0, :length, :length, 0]).astype("int32")
