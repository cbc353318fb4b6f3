"""Allocates integers, which cut fractions off.

Written from: the task text.
Told: truncated
"""

import numpy as np


def phase_sums(kernel, stride):
    sums = np.zeros((stride, stride), dtype=int)
    for p, q in np.ndindex(stride, stride):
        sums[p, q] = kernel[p::stride, q::stride].sum()
    return sums
