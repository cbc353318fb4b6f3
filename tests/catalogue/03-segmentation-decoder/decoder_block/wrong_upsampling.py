"""Repeats pixels instead of a transposed convolution.

Written from: the task text.
Told: upsampling
"""

import keras


def decoder_block(x, skip, filters):
    L = keras.layers
    x = L.UpSampling2D()(x)
    if skip is not None:
        x = L.Concatenate()([x, skip])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x)
