"""Functional style with activations as layers of their own.

Written from: the task text.
"""

import keras


def build_upsampler(input_shape, filters):
    inputs = keras.Input(shape=input_shape)
    x = keras.layers.Conv2DTranspose(filters, (3, 3), strides=(2, 2), padding="same")(inputs)
    x = keras.layers.ReLU()(x)
    x = keras.layers.Conv2D(1, (1, 1))(x)
    return keras.Model(inputs, keras.layers.Activation("sigmoid")(x))
