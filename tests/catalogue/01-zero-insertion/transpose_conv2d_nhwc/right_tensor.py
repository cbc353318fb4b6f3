"""Returns a tensor.

Written from: the task text.
"""

import keras
import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    x, kernel = (np.array(a, "float64", order="C") for a in (x, kernel))
    return keras.ops.conv_transpose(x, kernel, strides=stride, padding="valid")
