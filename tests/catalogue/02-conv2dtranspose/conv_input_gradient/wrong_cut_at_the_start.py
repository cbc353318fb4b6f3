"""Cuts what is too much at the top and on the left.

Written from: the task text.
Told: cut-at-the-start
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride)
    return x[:, -rows:, -columns:]
