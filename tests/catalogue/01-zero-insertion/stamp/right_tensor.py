"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        output[window] = output[window] + x[i, j] * kernel
    return tf.constant(output)
