"""Stops one row early.

Written from: the task text.
Told: cut-off
"""

import numpy as np


def folded_kernel(kernel, factor):
    kh, kw = kernel.shape
    result = np.zeros((kh + factor - 1, kw + factor - 1))
    for p, q in np.ndindex(factor, factor):
        result[p : p + kh, q : q + kw] += kernel[::-1, ::-1]
    return result[:-1]
