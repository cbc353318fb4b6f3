"""Counts the pixels of the output one too high.

Written from: the task text.
Told: too-long
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * stride + kh + 1, (width - 1) * stride + kw + 1))
    for (i, j), value in np.ndenumerate(x):
        result[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    return result
