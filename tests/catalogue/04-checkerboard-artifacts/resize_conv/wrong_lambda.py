"""A Lambda repeats the pixels.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    enlarge = keras.layers.UpSampling2D(factor, interpolation=interpolation)
    x = keras.layers.Lambda(lambda t: enlarge(t))(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
