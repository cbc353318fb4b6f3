"""Turns the kernel, as for a transposed convolution.

Written from: the task text.
Told: kernel-turned
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    matrix = np.zeros((h, w, height, width))
    for i, j in np.ndindex(h, w):
        matrix[i, j, i * stride :, j * stride :][:kh, :kw] = np.rot90(kernel, 2)
    return matrix.reshape(h * w, height * width)
