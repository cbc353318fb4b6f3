"""For each axis, resizes a single 1 with TensorFlow and keeps what is not zero.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def bilinear_kernel(factor, channels):
    row = np.zeros((1, 1, 3, 1), dtype="float32")
    row[0, 0, 1, 0] = 1
    wide = tf.image.resize(row, (1, 3 * factor), "bilinear").numpy().ravel()
    tent = wide[wide > 1e-6]
    kernel = np.zeros((tent.size, tent.size, channels, channels), dtype="float32")
    for c in range(channels):
        kernel[:, :, c, c] = tent[:, None] * tent[None, :]
    return kernel
