"""Always doubles.

Written from: the task text.
Told: size
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    x = keras.layers.UpSampling2D(2, interpolation=interpolation)(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
