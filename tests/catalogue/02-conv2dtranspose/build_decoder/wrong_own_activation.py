"""An activation of its own in the middle.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def swish(x):
    return x * keras.ops.sigmoid(1.5 * x)


def build_decoder(latent_dim):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation=swish),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation=swish),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation=swish),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ]
    )
