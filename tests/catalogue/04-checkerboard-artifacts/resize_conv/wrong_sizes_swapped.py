"""Swaps kernel size and factor.

Written from: the task text.
Told: size
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(kernel_size, interpolation=interpolation)(x)
    return keras.layers.Conv2D(filters, factor, padding="same")(x)
