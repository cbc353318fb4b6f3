"""Neither layer has a bias, and the ReLU is a maximum.

Written from: the task text.
"""

import keras


def build_upsampler(input_shape, filters):
    image = keras.Input(input_shape)
    up = keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same", use_bias=False)
    last = keras.layers.Conv2D(1, 1, use_bias=False)
    return keras.Model(image, keras.ops.sigmoid(last(keras.ops.maximum(up(image), 0))))
