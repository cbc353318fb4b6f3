"""A transposed convolution of stride 1 mixes what was concatenated.

Written from: the task text.
"""

from keras import layers


def decoder_block(x, skip, filters):
    x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = layers.Concatenate()([x, skip])
    return layers.Conv2DTranspose(filters, 3, padding="same", activation="relu")(x)
