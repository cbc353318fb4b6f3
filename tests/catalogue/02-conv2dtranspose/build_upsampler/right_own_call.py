"""A subclass of keras.Model with a `call` of its own, which `build` tells its input shape.

Written from: the task text.
"""

import keras


class Upsampler(keras.Model):
    def __init__(self, filters):
        super().__init__()
        self.up = keras.layers.Conv2DTranspose(
            filters, 3, strides=2, padding="same", activation="relu"
        )
        self.last = keras.layers.Conv2D(1, 1, activation="sigmoid")

    def call(self, x):
        return self.last(self.up(x))


def build_upsampler(input_shape, filters):
    model = Upsampler(filters)
    model.build((None, *input_shape))
    return model
