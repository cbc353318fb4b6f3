"""Compares with the mean.

Written from: the task text.
Told: deviation
"""

import numpy as np


def is_flat(kernel, stride, tol=1e-6):
    sums = np.array(
        [[kernel[p::stride, q::stride].sum() for q in range(stride)] for p in range(stride)]
    )
    return bool(np.abs(sums - sums.mean()).max() <= tol)
