"""A reshape alone mixes up the places.

Written from: the task text.
Told: reshape-only
"""

import keras


def subpixel_block(x, filters, factor=2):
    _, height, width, _ = x.shape
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    return keras.layers.Reshape((height * factor, width * factor, filters))(y)
