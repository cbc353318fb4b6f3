"""Any size of image, pooled at the end; the logit has an identity as activation.

Written from: the task text.
"""

import keras
import tensorflow as tf


def build_discriminator():
    layers = keras.layers
    image = keras.Input((None, None, 1))
    x = image
    for filters in (32, 64):
        x = layers.Conv2D(filters, 5, strides=2, padding="same", activation=tf.nn.leaky_relu)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(image, layers.Dense(1, activation=tf.identity)(x))
