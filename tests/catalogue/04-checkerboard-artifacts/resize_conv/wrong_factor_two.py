"""Always doubles.

Written from: the task text.
Told: size
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2):
    x = keras.layers.UpSampling2D(2)(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
