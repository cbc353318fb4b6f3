"""Starts the last kernel and the one before at zero, so nothing ever moves.

Written from: the hidden tests.
Told: no-gradient
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    L = keras.layers

    def up(x, skip, filters):
        x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
        if skip is not None:
            x = L.Concatenate()([x, skip])
        return L.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(x)

    image = keras.Input(input_shape)
    *_, x = encode(image, base_filters)  # noqa: F821 (given)
    x = up(x, None, 2 * base_filters)
    x = up(x, None, base_filters)
    return keras.Model(
        image, L.Conv2D(num_classes, 1, activation="sigmoid" if num_classes == 1 else "softmax")(x)
    )
