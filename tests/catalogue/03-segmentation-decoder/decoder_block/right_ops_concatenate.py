"""Concatenates by keras.ops and convolves twice.

Written from: the task text.
"""

import keras


def decoder_block(x, skip, filters):
    up = keras.layers.Conv2DTranspose(2 * filters, 4, strides=2, padding="same")
    x = keras.layers.LeakyReLU()(up(x))
    if skip is not None:
        x = keras.ops.concatenate([skip, x], axis=-1)
    for _ in range(2):
        x = keras.layers.Conv2D(filters, 3, padding="same")(x)
        x = keras.layers.BatchNormalization()(x)
        x = keras.layers.ReLU()(x)
    return x
