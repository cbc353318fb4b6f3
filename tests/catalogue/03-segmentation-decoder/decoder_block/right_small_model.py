"""Collects its convolutions in a Sequential.

Written from: the task text.
"""

import keras


def decoder_block(x, skip, filters):
    x = keras.layers.Conv2DTranspose(filters, 2, 2)(x)
    parts = [x] if skip is None else [x, skip]
    x = keras.layers.concatenate(parts) if len(parts) > 1 else x
    convolutions = keras.Sequential(
        [
            keras.layers.Conv2D(filters, 3, padding="same", activation="elu"),
            keras.layers.Conv2D(filters, 1, activation="elu"),
        ]
    )
    return convolutions(x)
