"""Leaves out the ReLU inside.

Written from: the task text.
Told: no-relu
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same"),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
