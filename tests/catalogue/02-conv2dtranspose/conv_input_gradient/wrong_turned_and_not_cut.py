"""Turns the kernel, and keeps the zeros at the end.

Written from: the task text.
Told: kernel-turned
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    return keras.ops.conv_transpose(upstream, kernel[::-1, ::-1], strides=stride)
