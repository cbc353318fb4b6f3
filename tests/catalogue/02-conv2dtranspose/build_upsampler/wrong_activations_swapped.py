"""Puts the sigmoid inside and the ReLU at the end.

Written from: the task text.
Told: activations-swapped
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(
                filters, 3, strides=2, padding="same", activation="sigmoid"
            ),
            keras.layers.Conv2D(1, 1, activation="relu"),
        ]
    )
