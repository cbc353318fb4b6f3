"""A subclass of keras.Model with a `call` of its own, which nobody tells its input shape.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


class Upsampler(keras.Model):
    def __init__(self, filters):
        super().__init__()
        self.up = keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same")
        self.relu = keras.layers.ReLU()
        self.last = keras.layers.Conv2D(1, 1, activation="sigmoid")

    def call(self, inputs):
        return self.last(self.relu(self.up(inputs)))


def build_upsampler(input_shape, filters):
    return Upsampler(filters)
