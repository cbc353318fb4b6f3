"""Turns only the rows.

Written from: the task text.
Told: half-turned
"""

import numpy as np


def folded_kernel(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1))
    for i in range(factor):
        for j in range(factor):
            stamp[i : i + rows, j : j + columns] += kernel[::-1]
    return stamp
