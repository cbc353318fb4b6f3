"""Convolves with a line of ones along each axis.

Written from: the task text.
"""

import numpy as np


def folded_kernel(kernel, factor):
    line = np.ones(factor)
    wide = np.array([np.convolve(row, line) for row in kernel[::-1, ::-1]])
    return np.array([np.convolve(column, line) for column in wide.T]).T
