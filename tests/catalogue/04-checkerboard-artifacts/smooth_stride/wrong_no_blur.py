"""Keeps every second pixel without a blur.

Written from: the task text.
Told: no-blur
"""

import keras


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    return x[:, ::2, ::2]
