"""Returns a tensor of shape ().

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def is_flat(kernel, stride, tol=1e-6):
    sums = np.array(
        [[kernel[p::stride, q::stride].sum() for q in range(stride)] for p in range(stride)]
    )
    return tf.constant(np.ptp(sums) <= tol)
