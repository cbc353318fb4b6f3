"""Multiplies window and kernel as matrices.

Written from: the task text.
Told: matrix-product
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    result = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = np.sum(x[i : i + kh, j : j + kw] @ kernel)
    return result
