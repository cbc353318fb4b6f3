"""Writes each stamp over the last one instead of adding.

Written from: the task text.
Told: overwrites
"""

import numpy as np


def stamp(x, kernel, stride):
    kh, kw = kernel.shape
    result = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw))
    for (i, j), value in np.ndenumerate(x):
        result[i * stride : i * stride + kh, j * stride : j * stride + kw] = value * kernel
    return result
