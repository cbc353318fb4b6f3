"""`filters` is taken for the channels before depth to space.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import keras


def subpixel_block(x, filters, factor=2):
    y = keras.layers.Conv2D(filters, 3, padding="same")(x)
    return keras.ops.depth_to_space(y, factor)
