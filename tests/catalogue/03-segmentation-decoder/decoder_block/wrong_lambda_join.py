"""A Lambda concatenates.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def decoder_block(x, skip, filters):
    layers = keras.layers
    x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
    if skip is not None:
        x = layers.Lambda(lambda pair: keras.ops.concatenate(pair, axis=-1))([x, skip])
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
