"""Nothing comes after the concatenation.

Written from: the task text.
Told: unmixed-skip
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
    return x
