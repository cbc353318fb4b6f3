"""Spectral normalization around every layer, and no activation at the end.

Written from: the task text.
"""

import keras


def build_discriminator():
    layers = keras.layers
    norm = layers.SpectralNormalization
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (32, 64):
        model.add(norm(layers.Conv2D(filters, 3, strides=2, padding="same")))
        model.add(layers.LeakyReLU(negative_slope=0.2))
    model.add(layers.Flatten())
    model.add(norm(layers.Dense(1)))
    return model
