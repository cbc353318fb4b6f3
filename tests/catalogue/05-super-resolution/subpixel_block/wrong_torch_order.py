"""Reshape and permute in PyTorch's channel order.

Written from: the solution.
Told: torch-order
"""

import keras


def subpixel_block(x, filters, factor=2):
    _, height, width, _ = x.shape
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    y = keras.layers.Reshape((height, width, filters, factor, factor))(y)
    y = keras.layers.Permute((1, 4, 2, 5, 3))(y)
    return keras.layers.Reshape((height * factor, width * factor, filters))(y)
