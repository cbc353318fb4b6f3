"""A kernel that starts as a function says.

Written from: the task text.
"""

import keras
import tensorflow as tf


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    def small(shape, dtype=None):
        return 0.01 * keras.random.normal(shape, dtype=dtype)

    x = keras.layers.UpSampling2D((factor, factor), interpolation=interpolation)(x)
    conv = keras.layers.Conv2D(
        filters, kernel_size, 1, "same", activation=tf.identity, kernel_initializer=small
    )
    return conv(x)
