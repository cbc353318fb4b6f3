"""Takes valid padding and crops the first row and column, so that the shape fits.

Written from: the hidden tests.
Told: cut-at-the-top
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, activation="relu"),
            keras.layers.Cropping2D(((1, 0), (1, 0))),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
