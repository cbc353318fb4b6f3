"""Ends every layer in a sigmoid; with so few filters it hardly learns.

Written from: the hidden tests.
Told: trained-on-images-it-reaches-a-mean-squared, by the hidden tests
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    options = {"strides": 2, "padding": "same", "activation": "sigmoid"}
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 8, activation="sigmoid"),
            layers.Reshape((7, 7, 8)),
            layers.Conv2DTranspose(4, 3, **options),
            layers.Conv2DTranspose(4, 3, **options),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
