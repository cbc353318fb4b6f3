"""LeakyReLU in the middle, where ReLU is asked for.

Written from: the task text.
Told: another-activation
"""

import keras
import tensorflow as tf


def build_upsampler(input_shape, filters):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(
                filters, 3, strides=2, padding="same", activation=tf.nn.leaky_relu
            ),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
    return model
