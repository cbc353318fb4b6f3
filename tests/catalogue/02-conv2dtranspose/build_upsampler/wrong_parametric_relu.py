"""A PReLU, which learns its slope and starts as a ReLU here.

Written from: the task text.
Told: extra-layer
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same"),
            layers.PReLU(),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
