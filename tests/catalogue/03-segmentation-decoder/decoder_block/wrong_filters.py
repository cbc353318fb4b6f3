"""Ends with twice the filters.

Written from: the task text.
Told: output-shape
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
    return L.Conv2D(2 * filters, 3, padding="same", activation="relu")(x)
