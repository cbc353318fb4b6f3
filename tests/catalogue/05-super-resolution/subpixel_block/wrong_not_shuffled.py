"""Returns the channels before they are moved.

Written from: the task text.
Told: output-shape
"""

import keras


def subpixel_block(x, filters, factor=2):
    return keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
