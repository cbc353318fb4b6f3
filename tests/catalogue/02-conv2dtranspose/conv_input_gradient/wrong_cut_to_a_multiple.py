"""Cuts to stride times the size of the upstream gradient.

Written from: the task text.
Told: cut-to-a-multiple
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    _, h, w, _ = upstream.shape
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride)
    return x[:, : h * stride, : w * stride]
