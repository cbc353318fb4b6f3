"""Leaves the padding at its default: one row and column too many.

Written from: the task text.
Told: valid-padding
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, activation="relu"),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
