"""Keeps the rows and columns that fill no block, as a block of their own.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    rows = [np.arange(0, n, factor) for n in x.shape]
    total = np.add.reduceat(np.add.reduceat(x, rows[0], axis=0), rows[1], axis=1)
    return total / factor**2
