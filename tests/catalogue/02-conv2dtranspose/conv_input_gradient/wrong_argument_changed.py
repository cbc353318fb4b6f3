"""Scales the kernel in place for a moment, and so changes the array of the caller.

Written from: the hidden tests.
Told: changes-argument
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    kernel *= 2
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return x[:, :rows, :columns] / 2
