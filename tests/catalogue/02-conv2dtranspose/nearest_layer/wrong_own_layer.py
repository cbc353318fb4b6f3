"""A layer of its own that repeats.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


class Repeat(keras.layers.Conv2DTranspose):
    def call(self, x):
        return keras.ops.repeat(keras.ops.repeat(x, self.strides[0], 1), self.strides[1], 2)


def nearest_layer(factor, channels):
    layer = Repeat(channels, factor, strides=factor, trainable=False, use_bias=False)
    layer.build((None, None, None, channels))
    return layer
