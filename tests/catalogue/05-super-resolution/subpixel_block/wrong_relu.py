"""An activation that nobody asked for.

Written from: the solution.
Told: activation
"""

import keras


def subpixel_block(x, filters, factor=2):
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same", activation="relu")(x)
    return keras.ops.depth_to_space(y, factor)
