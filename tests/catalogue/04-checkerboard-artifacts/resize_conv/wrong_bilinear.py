"""Enlarges bilinearly, which is smoother.

Written from: the task text.
Told: interpolation
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(factor, interpolation="bilinear")(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
