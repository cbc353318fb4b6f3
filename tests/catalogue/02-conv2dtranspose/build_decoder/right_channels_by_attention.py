"""Weighs the channels of its last feature maps by squeeze and excitation.

Written from: the task text.
"""

import keras
from keras import layers


def build_decoder(latent_dim):
    latent = keras.Input((latent_dim,))
    x = layers.Dense(7 * 7 * 32, activation="relu")(latent)
    x = layers.Reshape((7, 7, 32))(x)
    for filters in (32, 16):
        x = layers.Conv2DTranspose(filters, 3, 2, padding="same", activation="relu")(x)
    weights = layers.Dense(16, activation="sigmoid")(layers.GlobalAveragePooling2D()(x))
    x = layers.Multiply()([x, layers.Reshape((1, 1, 16))(weights)])
    return keras.Model(latent, layers.Dense(1, activation="sigmoid")(x))
