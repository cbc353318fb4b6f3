"""Cuts rows and columns by what the kernel's height asks for.

Written from: the task text.
Told: cut-alike
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    if stride > kernel.shape[0]:
        more = stride - kernel.shape[0]
        x = x[:, :-more, :-more]
    return x
