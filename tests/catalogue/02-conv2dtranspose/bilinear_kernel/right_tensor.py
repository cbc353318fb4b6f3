"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    line = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(line, line)[:, :, None, None] * np.eye(channels)
    return tf.constant(stamp, "float32")
