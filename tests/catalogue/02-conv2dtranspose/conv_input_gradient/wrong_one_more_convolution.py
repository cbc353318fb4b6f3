"""Convolves the upstream gradient with the channel axes swapped.

Written from: the task text.
Told: convolution
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    return keras.ops.conv(upstream, kernel.transpose(0, 1, 3, 2), strides=stride, padding="same")
