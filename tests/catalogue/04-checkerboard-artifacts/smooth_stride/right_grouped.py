"""A convolution with as many groups as channels, initialized by a function.

Written from: the task text.
"""

import keras


def smooth_stride(x, filters, kernel_size=3):
    x = keras.layers.Convolution2D(filters, (kernel_size, kernel_size), padding="same")(x)

    def taps(shape, dtype=None):
        line = keras.ops.convert_to_tensor([1.0, 3.0, 3.0, 1.0])
        kernel = keras.ops.outer(line, line) / 64
        return keras.ops.broadcast_to(kernel[:, :, None, None], shape)

    return keras.layers.Conv2D(
        filters,
        4,
        strides=2,
        padding="same",
        groups=filters,
        use_bias=False,
        kernel_initializer=taps,
        trainable=False,
    )(x)
