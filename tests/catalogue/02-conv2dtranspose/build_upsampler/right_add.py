"""A Sequential model that grows by `add`, without biases.

Written from: the task text.
"""

import keras


def build_upsampler(input_shape, filters):
    model = keras.Sequential()
    model.add(keras.layers.Input(input_shape))
    model.add(
        keras.layers.Conv2DTranspose(
            filters, 3, 2, padding="same", activation=keras.activations.relu, use_bias=False
        )
    )
    model.add(keras.layers.Conv2D(1, 1, padding="same", use_bias=False, activation="sigmoid"))
    return model
