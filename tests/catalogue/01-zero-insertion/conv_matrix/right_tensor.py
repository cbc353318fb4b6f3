"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def conv_matrix(kernel, input_shape, stride):
    (kh, kw), (rows, columns) = kernel.shape, input_shape
    matrix = []
    for i in range(0, rows - kh + 1, stride):
        for j in range(0, columns - kw + 1, stride):
            image = np.zeros(input_shape)
            image[i : i + kh, j : j + kw] = kernel
            matrix.append(image.ravel())
    return tf.constant(np.array(matrix))
