"""Multiplies a branch by zero, so that its kernel never changes.

Written from: the task text.
Told: no-gradient
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    latent = keras.Input((latent_dim,))
    x = layers.Reshape((7, 7, 8))(layers.Dense(7 * 7 * 8)(latent))
    branch = layers.Conv2DTranspose(8, 3, strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(8, 3, strides=2, padding="same")(x)
    x = layers.Add()([x, layers.Rescaling(0.0)(branch)])
    image = layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(x)
    return keras.Model(latent, image)
