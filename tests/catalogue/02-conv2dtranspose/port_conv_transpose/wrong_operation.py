"""Stamps by the operation of keras.ops, on a symbolic input.

Written from: the task text.
Told: operation-for-layer
"""

import keras
import numpy as np


def port_conv_transpose(weight, bias, stride, padding):
    inputs, _, kh, kw = weight.shape
    kernel = np.ascontiguousarray(np.transpose(weight, (2, 3, 1, 0)))
    x = keras.Input((None, None, inputs))
    y = keras.ops.conv_transpose(x, kernel, strides=stride, padding="valid")
    if bias is not None:
        y = y + bias
    more = [max(stride - k, 0) for k in (kh, kw)]
    y = keras.layers.Cropping2D(((padding, padding + more[0]), (padding, padding + more[1])))(y)
    return keras.Model(x, y)
