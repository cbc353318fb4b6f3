"""Starts the kernels at zero, so that no gradient ever flows.

Written from: the hidden tests.
Told: no-gradient
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation="relu", kernel_initializer="zeros"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(
                32, 3, strides=2, padding="same", activation="relu", kernel_initializer="zeros"
            ),
            layers.Conv2DTranspose(
                16, 3, strides=2, padding="same", activation="relu", kernel_initializer="zeros"
            ),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ]
    )
