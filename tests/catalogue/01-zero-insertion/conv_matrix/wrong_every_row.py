"""Takes every stride-th row of the matrix for stride 1.

Written from: the task text.
Told: every-row-of-the-matrix
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    rows = []
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            image = np.zeros((height, width))
            image[i : i + kh, j : j + kw] = kernel
            rows.append(image.ravel())
    return np.array(rows)[::stride]
