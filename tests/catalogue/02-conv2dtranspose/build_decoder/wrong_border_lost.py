"""Leaves the padding of the last layer at its default: the images have 26x26 pixels.

Written from: the task text.
Told: valid-padding
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
            layers.Conv2D(1, 3, activation="sigmoid"),
        ]
    )
