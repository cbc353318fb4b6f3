"""Spreads the rows and forgets the columns.

Written from: the task text.
Told: rows-only
"""

import numpy as np


def insert_zeros(x, stride):
    result = np.zeros(((x.shape[0] - 1) * stride + 1, x.shape[1]), dtype=x.dtype)
    result[::stride] = x
    return result
