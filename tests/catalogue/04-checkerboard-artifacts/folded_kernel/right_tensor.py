"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def folded_kernel(kernel, factor):
    kh, kw = kernel.shape
    result = np.zeros((kh + factor - 1, kw + factor - 1))
    for p, q in np.ndindex(factor, factor):
        result[p : p + kh, q : q + kw] += kernel[::-1, ::-1]
    return tf.constant(result)
