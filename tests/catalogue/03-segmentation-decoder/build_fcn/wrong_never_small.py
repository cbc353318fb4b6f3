"""Convolves at full size only, then down and up for show.

Written from: the task text.
Told: smallest-map
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    image = keras.Input(input_shape)
    x = keras.layers.Conv2D(base_filters, 3, padding="same", activation="relu")(image)
    x = keras.layers.Conv2D(base_filters, 3, padding="same", activation="relu")(x)
    x = keras.layers.Conv2DTranspose(base_filters, 3, padding="same", activation="relu")(x)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, keras.layers.Conv2D(num_classes, 1, activation=activation)(x))
