"""Leaves zeros after the last entry: shape times stride is the first guess.

Written from: the task text.
Told: zeros-at-the-end
"""

import numpy as np


def insert_zeros(x, stride):
    result = np.zeros((x.shape[0] * stride, x.shape[1] * stride), dtype=x.dtype)
    result[::stride, ::stride] = x
    return result
