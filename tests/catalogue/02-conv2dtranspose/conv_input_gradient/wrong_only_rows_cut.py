"""Cuts the zeros after the last stamp off below, and forgets those on the right.

Written from: the task text.
Told: zeros-at-the-end
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return x[:, :rows]
