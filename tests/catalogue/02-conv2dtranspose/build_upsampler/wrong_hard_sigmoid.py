"""A hard sigmoid at the end, where a sigmoid is asked for.

Written from: the task text.
Told: another-activation
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(1, 1, activation="hard_sigmoid"),
        ]
    )
