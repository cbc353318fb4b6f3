"""A Lambda layer for the activation in the middle.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same", use_bias=True),
            layers.Lambda(lambda t: t * (t > 0)),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
    return model
