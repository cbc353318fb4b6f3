"""Takes the activations from TensorFlow, where Keras has the same ones.

Written from: the task text.
"""

import keras
import tensorflow as tf


def build_upsampler(input_shape, filters):
    layers = keras.layers
    upsampler = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation=tf.nn.relu),
            layers.Conv2D(1, 1, activation=tf.math.sigmoid),
        ]
    )
    return upsampler
