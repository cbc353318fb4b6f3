"""Spectral normalization around a dense layer that ends in a sigmoid.

Written from: the task text.
Told: activation
"""

import keras


def build_discriminator():
    layers = keras.layers
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (32, 64):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, strides=2, padding="same")(x))
    x = layers.Flatten()(x)
    last = layers.SpectralNormalization(layers.Dense(1, activation="sigmoid"))
    return keras.Model(image, last(x))
