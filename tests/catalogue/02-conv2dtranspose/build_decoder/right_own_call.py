"""A class of its own with a model inside, called once on an array.

Written from: the task text.
"""

import keras
import numpy as np


class Decoder(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.start = keras.Sequential(
            [layers.Dense(7 * 7 * 32, activation="relu"), layers.Reshape((7, 7, 32))]
        )
        self.ups = [
            layers.Conv2DTranspose(n, 3, strides=2, padding="same", activation="relu")
            for n in (32, 16)
        ]
        self.last = layers.Conv2D(1, 3, padding="same")

    def call(self, z, training=False):
        x = self.start(z)
        for up in self.ups:
            x = up(x)
        return keras.ops.sigmoid(self.last(x))


def build_decoder(latent_dim):
    decoder = Decoder()
    decoder(np.zeros((1, latent_dim), "float32"))
    return decoder
