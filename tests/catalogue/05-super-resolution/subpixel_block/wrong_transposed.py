"""Another block of the same shape.

Written from: the task text.
Told: strided-transpose
"""

import keras


def subpixel_block(x, filters, factor=2):
    return keras.layers.Conv2DTranspose(filters, 3 * factor, strides=factor, padding="same")(x)
