"""Pads the kernel to whole periods and reduces with TensorFlow.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def flat_order(kernel, stride, tol=1e-6):
    def up(n):
        return -(-n // stride) * stride

    kernel = tf.cast(kernel, tf.float64)
    rows, columns = kernel.shape
    i = np.arange(rows) - (rows - 1) / 2
    j = np.arange(columns) - (columns - 1) / 2
    i, j = i / max(i.max(), 1e-9), j / max(j.max(), 1e-9)
    limit = tol * tf.reduce_sum(tf.abs(kernel))
    for m in range(rows + columns - 2):
        for a in range(m + 1):
            weighted = kernel * np.outer(i**a, j ** (m - a))
            padded = tf.pad(weighted, [[0, up(rows) - rows], [0, up(columns) - columns]])
            blocks = tf.reshape(padded, (-1, stride, up(columns) // stride, stride))
            sums = tf.reduce_sum(blocks, axis=(0, 2))
            if tf.reduce_max(sums) - tf.reduce_min(sums) > limit:
                return tf.constant(m)
    return tf.constant(rows + columns - 2)
