"""The enlarging layer cannot be trained.

Written from: the task text.
Told: frozen
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", trainable=False)(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
