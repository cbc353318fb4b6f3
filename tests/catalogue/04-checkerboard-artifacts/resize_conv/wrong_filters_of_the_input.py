"""Keeps the number of channels.

Written from: the task text.
Told: filters
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(factor, interpolation=interpolation)(x)
    return keras.layers.Conv2D(x.shape[-1], kernel_size, padding="same")(x)
