"""Has the two strided layers, but a dense layer behind them draws the image.

Written from: the task text.
Told: vector-again
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(49, activation="relu"),
            layers.Reshape((7, 7, 1)),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same"),
            layers.Flatten(),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28, 1)),
        ]
    )
