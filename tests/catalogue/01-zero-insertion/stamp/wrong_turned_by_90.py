"""Turns a square kernel by 90 degrees only.

Written from: the task text.
Told: turned-by-90
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for (i, j), value in np.ndenumerate(x):
        result[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * (
            np.rot90(kernel) if kh == kw else kernel
        )
    return result
