"""Builds the layers and takes the first setting that gives n back.

Written from: the task text.
"""

import keras


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n must be at least kernel_size")
    down = keras.layers.Conv2D(1, kernel_size, strides=stride, padding=padding)
    m = down.compute_output_shape((1, n, n, 1))[1]
    for candidate in [None, *range(stride)]:
        up = keras.layers.Conv2DTranspose(
            1, kernel_size, strides=stride, padding=padding, output_padding=candidate
        )
        if up.compute_output_shape((1, m, m, 1))[1] == n:
            return candidate
