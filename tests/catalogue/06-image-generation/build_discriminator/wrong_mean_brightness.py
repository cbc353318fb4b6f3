"""Sees nothing but the mean brightness, which a puzzle keeps.

Written from: the hidden tests.
Told: trained-on-images-and-their-puzzles-it-puts, by the hidden tests
"""

import keras


def build_discriminator():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.GlobalAveragePooling2D(),
            layers.Dense(64, activation="relu"),
            layers.Dense(1),
        ]
    )
