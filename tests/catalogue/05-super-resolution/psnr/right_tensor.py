"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def psnr(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        error = np.mean((np.array(a, "float64") - b) ** 2, axis=(1, 2, 3))
        return tf.constant(10 * np.log10(max_val**2 / error))
