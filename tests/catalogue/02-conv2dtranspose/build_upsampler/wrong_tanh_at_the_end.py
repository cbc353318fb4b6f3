"""Ends with tanh, as generators do.

Written from: the task text.
Told: tanh-at-the-end
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1, activation="tanh"),
        ]
    )
