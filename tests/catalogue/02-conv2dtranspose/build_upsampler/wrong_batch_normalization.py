"""Normalizes between the layer and its ReLU, as many networks do.

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
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
