"""Does not use the skip.

Written from: the task text.
Told: skip-unused
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = x
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
