"""Smooths the result with a second convolution.

Written from: the task text.
Told: not-one-convolution
"""

import keras


def subpixel_block(x, filters, factor=2):
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    y = keras.ops.depth_to_space(y, factor)
    return keras.layers.Conv2D(filters, 3, padding="same")(y)
