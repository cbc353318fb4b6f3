"""Clips the logit to [-1, 1], as critics clip their weights.

Written from: the task text.
Told: bounded
"""

import keras


def build_discriminator():
    layers = keras.layers
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (32, 64):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, strides=2, padding="same")(x))
    x = layers.Flatten()(x)
    return keras.Model(image, keras.ops.clip(layers.Dense(1)(x), -1, 1))
