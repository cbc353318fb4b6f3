"""Swaps height and width of the kernel.

Written from: the task text.
Told: sides-swapped
"""

import numpy as np
import tensorflow as tf


def conv_input_gradient(kernel, upstream, stride):
    kernel = np.swapaxes(kernel, 0, 1)
    (n, h, w, _), (kh, kw, inputs, _) = upstream.shape, kernel.shape
    x = tf.Variable(
        tf.zeros((n, (h - 1) * stride + kh, (w - 1) * stride + kw, inputs), kernel.dtype)
    )
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, np.ascontiguousarray(kernel), stride, "VALID")
        loss = tf.reduce_sum(y * np.ascontiguousarray(upstream))
    return tape.gradient(loss, x).numpy()
