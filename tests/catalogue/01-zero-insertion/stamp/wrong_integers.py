"""Allocates integers, which cut fractions off.

Written from: the task text.
Told: truncated
"""

import numpy as np


def stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw), int)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        output[window] = output[window] + x[i, j] * kernel
    return output
