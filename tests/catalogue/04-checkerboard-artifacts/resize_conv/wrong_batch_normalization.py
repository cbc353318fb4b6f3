"""Adds batch normalization, as blocks often have it.

Written from: the task text.
Told: layers
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(factor, interpolation=interpolation)(x)
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    return keras.layers.BatchNormalization()(x)
