"""Fills the stamp with rows and columns exchanged.

Written from: the task text.
Told: transposed
"""

import numpy as np


def folded_kernel(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((columns + factor - 1, rows + factor - 1))
    for i, j in np.ndindex(factor, factor):
        stamp[i : i + columns, j : j + rows] += kernel[::-1, ::-1].T
    return stamp
