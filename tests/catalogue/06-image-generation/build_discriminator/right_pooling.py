"""Functional, with max pooling, normalization and dropout.

Written from: the task text.
"""

import keras
from keras import layers


def build_discriminator():
    image = keras.Input(shape=(28, 28, 1))
    x = image
    for filters in (16, 32):
        x = layers.Conv2D(filters, 5, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.4)(layers.Flatten()(x))
    return keras.Model(inputs=image, outputs=layers.Dense(1, activation="linear")(x))
