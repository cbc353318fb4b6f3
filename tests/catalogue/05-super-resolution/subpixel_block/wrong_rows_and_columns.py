"""Reshape and permute with both places swapped.

Written from: the task text.
Told: rows-and-columns
"""

import keras


def subpixel_block(x, filters, factor=2):
    _, height, width, _ = x.shape
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    y = keras.layers.Reshape((height, width, factor, factor, filters))(y)
    y = keras.layers.Permute((1, 4, 2, 3, 5))(y)
    return keras.layers.Reshape((height * factor, width * factor, filters))(y)
