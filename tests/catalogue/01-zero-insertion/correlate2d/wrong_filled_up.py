"""Writes the results into an array of the size of the image.

Written from: the task text.
Told: filled-up
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    result = np.zeros(x.shape)
    for i in range(x.shape[0] - kh + 1):
        for j in range(x.shape[1] - kw + 1):
            result[i, j] = np.sum(x[i : i + kh, j : j + kw] * kernel)
    return result
