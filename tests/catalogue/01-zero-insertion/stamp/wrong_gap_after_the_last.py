"""Gives every stamp a full step, so that a small kernel leaves a gap at the end.

Written from: the task text.
Told: gap-at-the-end
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(
        ((height - 1) * stride + max(kh, stride), (width - 1) * stride + max(kw, stride))
    )
    for (i, j), value in np.ndenumerate(x):
        result[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    return result
