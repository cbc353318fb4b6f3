"""Adds an activation.

Written from: the task text.
Told: activation
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(factor, interpolation=interpolation)(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same", activation="relu")(x)
