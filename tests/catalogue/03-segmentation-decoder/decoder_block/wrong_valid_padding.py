"""Leaves the padding of a 3x3 kernel at its default.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, activation="relu")(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
