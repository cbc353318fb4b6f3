"""The padding stays at its default.

Written from: the task text.
Told: valid-padding
"""

import keras


def subpixel_block(x, filters, factor=2):
    y = keras.layers.Conv2D(filters * factor**2, 3)(x)
    return keras.ops.depth_to_space(y, factor)
