"""Ends in a ReLU.

Written from: the task text.
Told: activation-after
"""

import keras


def subpixel_block(x, filters, factor=2):
    y = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    return keras.ops.relu(keras.ops.depth_to_space(y, factor))
