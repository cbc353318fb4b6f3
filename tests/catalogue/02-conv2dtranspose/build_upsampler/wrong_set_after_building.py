"""Corrects the padding of a layer that is built already.

Written from: the task text.
Told: set-after-building
"""

import keras


def build_upsampler(input_shape, filters):
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(filters, 3, strides=2, activation="relu"),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
    model.layers[0].padding = "same"
    return model
