"""ReLU6 in the middle, which is ReLU up to 6.

Written from: the task text.
Told: another-activation
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu6"),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
