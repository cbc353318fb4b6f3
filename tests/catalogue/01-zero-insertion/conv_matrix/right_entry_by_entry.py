"""Computes for each kernel entry the row and column of the matrix where it stands.

Written from: the task text.
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = 1 + (height - kh) // stride, 1 + (width - kw) // stride
    matrix = np.zeros((h * w, height * width))
    for i in range(h):
        for j in range(w):
            for a in range(kh):
                for b in range(kw):
                    pixel = (i * stride + a) * width + j * stride + b
                    matrix[i * w + j, pixel] = kernel[a, b]
    return matrix
