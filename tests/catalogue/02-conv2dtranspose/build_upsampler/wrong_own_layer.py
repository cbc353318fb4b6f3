"""A layer of its own class that adds nothing to the one it extends.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


class Up(keras.layers.Conv2DTranspose):
    def __init__(self, filters):
        super().__init__(filters, 3, strides=2, padding="same", activation="relu")


def build_upsampler(input_shape, filters):
    return keras.Sequential(
        [keras.Input(input_shape), Up(filters), keras.layers.Conv2D(1, 1, activation="sigmoid")]
    )
