"""Takes the shape of the image for (width, height).

Written from: the task text.
Told: square-only
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (width, height), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    matrix = np.zeros((h, w, height, width))
    for i, j in np.ndindex(h, w):
        matrix[i, j, i * stride : i * stride + kh, j * stride : j * stride + kw] = kernel
    return matrix.reshape(h * w, height * width)
