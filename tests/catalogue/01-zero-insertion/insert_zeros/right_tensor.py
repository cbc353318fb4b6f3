"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def insert_zeros(x, stride):
    result = np.zeros([(n - 1) * stride + 1 for n in x.shape], x.dtype)
    result[::stride, ::stride] = x
    return tf.constant(result)
