"""Numbers pixels by the height, where a row has as many as the image is wide.

Written from: the task text.
Told: square-only
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    matrix = np.zeros((h * w, height * width))
    for i, j in np.ndindex(h, w):
        for a, b in np.ndindex(kh, kw):
            matrix[i * w + j, (i * stride + a) * height + j * stride + b] = kernel[a, b]
    return matrix
