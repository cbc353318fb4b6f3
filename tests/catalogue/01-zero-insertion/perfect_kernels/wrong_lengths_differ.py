"""Averages with the first kernel, and divides the others by 2.

Written from: the task text.
Told: lengths-differ
"""

import numpy as np


def perfect_kernels():
    return np.array(
        [[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]]
    ) / np.array([4, 2, 2, 2]).reshape(4, 1, 1)
