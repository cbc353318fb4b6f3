"""Fails where there is no skip.

Written from: the hidden tests.
Told: raises-TypeError, no cause
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    x = L.Concatenate()([x, skip])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
