"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def correlate2d(x, kernel):
    x, kernel = (tf.constant(np.array(a, "float64", order="C")) for a in (x, kernel))
    return tf.nn.conv2d(x[None, :, :, None], kernel[:, :, None, None], 1, "VALID")[0, :, :, 0]
