"""Adds the skip instead of concatenating it.

Written from: the task text.
Told: skip-merged
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = L.Add()([x, L.Conv2D(filters, 1)(skip)])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
