"""Moves on by one pixel, whatever the stride.

Written from: the task text.
Told: stride-not-used
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * 1 + kh, (width - 1) * 1 + kw))
    for (i, j), value in np.ndenumerate(x):
        result[i * 1 : i * 1 + kh, j * 1 : j * 1 + kw] += value * kernel
    return result
