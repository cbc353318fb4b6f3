"""Leaves the padding at its default and crops in the end.

Written from: the task text.
Told: feature-map
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(32, 3, strides=2, activation="relu"),
            layers.Conv2DTranspose(16, 3, strides=2, activation="relu"),
            layers.Cropping2D(((0, 3), (0, 3))),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ]
    )
