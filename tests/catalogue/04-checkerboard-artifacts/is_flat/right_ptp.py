"""Largest minus smallest, by NumPy.

Written from: the task text.
"""

import numpy as np


def is_flat(kernel, stride, tol=1e-6):
    sums = np.zeros((stride, stride))
    for (i, j), value in np.ndenumerate(kernel):
        sums[i % stride, j % stride] += value
    return np.ptp(sums) <= tol
