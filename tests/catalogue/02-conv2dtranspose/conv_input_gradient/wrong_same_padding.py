"""Uses `same`, which cuts the border off.

Written from: the task text.
Told: same-padding
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    kernel = kernel
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="same")
    return x[:, :rows, :columns]
