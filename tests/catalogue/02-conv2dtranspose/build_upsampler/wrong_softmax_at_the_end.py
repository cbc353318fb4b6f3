"""Takes a softmax over the single channel.

Written from: the task text.
Told: softmax-at-the-end
"""

import keras


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1, activation="softmax"),
        ]
    )
