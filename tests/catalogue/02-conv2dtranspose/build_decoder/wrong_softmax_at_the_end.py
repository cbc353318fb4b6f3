"""Ends in a softmax over a single channel: every pixel is 1 for ever.

Written from: the hidden tests.
Told: softmax-of-one
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(1, 3, padding="same", activation="softmax"),
        ]
    )
