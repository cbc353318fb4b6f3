"""Takes average pooling for the blur.

Written from: the task text.
Told: other-taps
"""

import keras


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    return keras.layers.AveragePooling2D(2)(x)
