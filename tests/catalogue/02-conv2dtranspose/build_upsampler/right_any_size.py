"""Takes images of any height and width.

Written from: the task text.
"""

import keras


def build_upsampler(input_shape, filters):
    image = keras.Input((None, None, input_shape[2]))
    x = keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(image)
    x = keras.ops.relu(x)
    return keras.Model(image, keras.ops.sigmoid(keras.layers.Conv2D(1, 1)(x)))
