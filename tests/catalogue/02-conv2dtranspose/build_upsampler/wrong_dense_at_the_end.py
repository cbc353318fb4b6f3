"""Flattens the feature maps and makes the pixels by a dense layer.

Written from: the task text.
Told: extra-layer
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    height, width, _ = input_shape
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(1, 1),
            layers.Flatten(),
            layers.Dense(4 * height * width, activation="sigmoid"),
            layers.Reshape((2 * height, 2 * width, 1)),
        ]
    )
