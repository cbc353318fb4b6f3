"""Turns the kernel, as the other view of the operation does.

Written from: the task text.
Told: kernel-turned
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for (i, j), value in np.ndenumerate(x):
        result[i * stride : i * stride + kh, j * stride : j * stride + kw] += (
            value * kernel[::-1, ::-1]
        )
    return result
