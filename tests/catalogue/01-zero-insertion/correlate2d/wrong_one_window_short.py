"""Counts H - kh positions instead of H - kh + 1.

Written from: the task text.
Told: one-window-short
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    result = np.zeros((x.shape[0] - kh, x.shape[1] - kw))
    for i, j in np.ndindex(result.shape):
        result[i, j] = (x[i : i + kh, j : j + kw] * kernel).sum()
    return result
