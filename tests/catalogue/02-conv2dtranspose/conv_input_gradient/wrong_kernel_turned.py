"""Turns the kernel, which the layer does by itself.

Written from: the task text.
Told: kernel-turned
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    kernel = kernel[::-1, ::-1]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return x[:, :rows, :columns]
