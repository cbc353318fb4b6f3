"""TensorFlow's ReLU, an initializer of its own and a separable convolution.

Written from: the task text.
"""

import keras
import tensorflow as tf


def decoder_block(x, skip, filters):
    layers = keras.layers
    start = tf.random_normal_initializer(0.0, 0.05)
    x = layers.Conv2DTranspose(filters, 3, 2, "same", kernel_initializer=start)(x)
    x = layers.Activation(tf.nn.relu)(x)
    if skip is not None:
        x = keras.ops.concatenate([skip, x], axis=-1)
    x = layers.SeparableConv2D(filters, 3, padding="same")(x)
    return layers.Conv2D(filters, 1, activation=tf.nn.elu)(x)
