"""Divides by the number of images, as a mean loss would.

Written from: the task text.
Told: mean-over-images
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return x[:, :rows, :columns] / upstream.shape[0]
