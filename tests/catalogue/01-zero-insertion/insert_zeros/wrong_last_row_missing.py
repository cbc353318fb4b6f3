"""Counts one row too few.

Written from: the task text.
Told: cut-off
"""

import numpy as np


def insert_zeros(x, stride):
    (h, w) = x.shape
    result = np.zeros(((h - 1) * stride + 1, (w - 1) * stride + 1), x.dtype)
    result[::stride, ::stride] = x
    return result[:-1]
