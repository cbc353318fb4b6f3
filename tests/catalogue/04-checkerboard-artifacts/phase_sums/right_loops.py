"""Adds entry by entry.

Written from: the task text.
"""

import numpy as np


def phase_sums(kernel, stride):
    sums = np.zeros((stride, stride))
    for (i, j), value in np.ndenumerate(kernel):
        sums[i % stride, j % stride] += value
    return sums
