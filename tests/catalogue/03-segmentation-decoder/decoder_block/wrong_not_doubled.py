"""Forgets the stride, so the sizes do not change.

Written from: the task text.
Told: not-doubled
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, padding="same", activation="relu")(x)
    if skip is not None:
        x = L.Concatenate()([x, L.MaxPooling2D()(skip)])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
