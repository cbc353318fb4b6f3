"""The last kernel starts at zero: a gray image at first.

Written from: the task text.
"""

import keras


def build_decoder(latent_dim):
    layers = keras.layers
    z = keras.Input((latent_dim,))
    x = layers.Reshape((7, 7, 32))(layers.Dense(7 * 7 * 32, activation="relu")(z))
    for filters in (32, 16):
        x = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", activation="relu")(x)
    image = layers.Conv2D(1, 3, padding="same", kernel_initializer="zeros")(x)
    return keras.Model(z, layers.Activation("sigmoid")(image))
