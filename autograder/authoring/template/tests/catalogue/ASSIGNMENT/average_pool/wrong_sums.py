"""Adds up and forgets to divide.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    rows, columns = x.shape[0] // factor, x.shape[1] // factor
    blocks = x[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    return np.sum(blocks, axis=(1, 3))
