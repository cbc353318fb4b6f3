"""Uses the layer that it should replace.

Written from: the task text.
Told: transposed-convolution
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    return keras.layers.Conv2DTranspose(filters, kernel_size, strides=factor, padding="same")(x)
