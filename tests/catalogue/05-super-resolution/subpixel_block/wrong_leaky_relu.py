"""A LeakyReLU as the activation argument.

Written from: the task text.
Told: activation
"""

import keras


def subpixel_block(x, filters, factor=2):
    activation = keras.layers.LeakyReLU(0.2)
    deep = keras.layers.Conv2D(filters * factor**2, 3, padding="same", activation=activation)(x)
    return keras.ops.depth_to_space(deep, factor)
