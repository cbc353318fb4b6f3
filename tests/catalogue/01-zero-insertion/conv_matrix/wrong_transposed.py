"""Returns the transpose: a column for each output entry.

Written from: the task text.
Told: transposed
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    matrix = np.zeros((height, width, h, w))
    for i, j in np.ndindex(h, w):
        matrix[i * stride : i * stride + kh, j * stride : j * stride + kw, i, j] = kernel
    return matrix.reshape(height * width, h * w)
