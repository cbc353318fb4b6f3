"""Asks a gradient tape.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def conv_input_gradient(kernel, upstream, stride):
    kh, kw, inputs, _ = kernel.shape
    n, h, w, _ = upstream.shape
    kernel, upstream = tf.constant(np.array(kernel)), tf.constant(np.array(upstream))
    x = tf.Variable(
        tf.zeros((n, (h - 1) * stride + kh, (w - 1) * stride + kw, inputs), kernel.dtype)
    )
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, kernel, stride, "VALID")
        total = tf.reduce_sum(y * upstream)
    return tape.gradient(total, x)
