"""Reads the kernel column by column.

Written from: the task text.
Told: kernel-transposed
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    result = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(result.shape):
        for index, weight in enumerate(kernel.ravel()):
            result[i, j] += weight * x[i + index % kh, j + index // kh]
    return result
