"""Functional style; the last strided layer has the single channel.

Written from: the task text.
"""

import keras


def build_decoder(latent_dim):
    inputs = keras.Input(shape=(latent_dim,))
    x = keras.layers.Dense(7 * 7 * 24, activation="relu")(inputs)
    x = keras.layers.Reshape((7, 7, 24))(x)
    x = keras.layers.Conv2DTranspose(24, 4, strides=2, padding="same", activation="relu")(x)
    outputs = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid")(x)
    return keras.Model(inputs, outputs)
