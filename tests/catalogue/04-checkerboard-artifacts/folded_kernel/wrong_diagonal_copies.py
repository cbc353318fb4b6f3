"""Adds only the copies on the diagonal.

Written from: the task text.
Told: diagonal-copies
"""

import numpy as np


def folded_kernel(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1))
    for i in range(factor):
        stamp[i : i + rows, i : i + columns] += kernel[::-1, ::-1]
    return stamp
