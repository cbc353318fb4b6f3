"""Spreads the columns out and forgets the rows.

Written from: the task text.
Told: columns-only
"""

import numpy as np


def insert_zeros(x, stride):
    height, width = x.shape
    result = np.zeros((height, (width - 1) * stride + 1), x.dtype)
    result[:, ::stride] = x
    return result
