"""Batch normalization between convolution and ReLU, as in many generators.

Written from: the task text.
"""

import keras


def build_decoder(latent_dim):
    model = keras.Sequential([keras.Input((latent_dim,))])
    model.add(keras.layers.Dense(7 * 7 * 32))
    model.add(keras.layers.Reshape((7, 7, 32)))
    for filters in (32, 16):
        model.add(keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same"))
        model.add(keras.layers.BatchNormalization(momentum=0.9))
        model.add(keras.layers.ReLU())
    model.add(keras.layers.Conv2D(1, 3, padding="same"))
    model.add(keras.layers.Activation("sigmoid"))
    return model
