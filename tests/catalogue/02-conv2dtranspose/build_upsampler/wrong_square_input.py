"""Takes the height for the width, too, because every example in mind is square.

Written from: the hidden tests.
Told: input-shape
"""

import keras


def build_upsampler(input_shape, filters):
    size, _, channels = input_shape
    return keras.Sequential(
        [
            keras.Input((size, size, channels)),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
