"""Differentiates the sum of y.

Written from: the task text.
Told: upstream-ignored
"""

import keras
import tensorflow as tf


def conv_input_gradient(kernel, upstream, stride):
    n, h, w, _ = upstream.shape
    kh, kw, inputs, _ = kernel.shape
    shape = (n, (h - 1) * stride + kh, (w - 1) * stride + kw, inputs)
    x = tf.Variable(tf.zeros(shape, kernel.dtype))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(keras.ops.conv(x, kernel, strides=stride))
    return tape.gradient(total, x)
