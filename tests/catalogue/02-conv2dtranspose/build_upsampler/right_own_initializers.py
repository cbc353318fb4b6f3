"""Initializers, a regularizer and a constraint of its own: they decide nothing here.

Written from: the task text.
"""

import keras


class Small(keras.initializers.Initializer):
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, shape, dtype=None):
        return self.scale * keras.random.normal(shape, dtype=dtype)


def build_upsampler(input_shape, filters):
    image = keras.Input(input_shape)
    x = keras.layers.Conv2DTranspose(
        filters,
        3,
        strides=2,
        padding="same",
        activation="relu",
        kernel_initializer=Small(0.05),
        kernel_regularizer=lambda kernel: 1e-4 * keras.ops.sum(kernel**2),
    )(image)
    x = keras.layers.Conv2D(
        1,
        1,
        activation=keras.activations.sigmoid,
        bias_initializer=lambda shape, dtype=None: keras.ops.ones(shape, dtype),
        kernel_constraint=lambda kernel: keras.ops.clip(kernel, -1, 1),
    )(x)
    return keras.Model(image, x)
