"""A layer of its own class for the noise that critics get.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


class Noise(keras.layers.GaussianNoise):
    pass


def build_discriminator():
    layers = keras.layers
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (32, 64):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, strides=2, padding="same")(x))
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(1)(Noise(0.1)(x)))
