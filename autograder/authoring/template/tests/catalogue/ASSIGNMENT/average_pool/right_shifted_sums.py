"""Adds up the pixels that have the same place in every block, then divides.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    rows, columns = x.shape[0] // factor, x.shape[1] // factor
    total = np.zeros((rows, columns))
    for i, j in np.ndindex(factor, factor):
        total += x[i : rows * factor : factor, j : columns * factor : factor]
    return total / factor**2
