"""Adds up rows only.

Written from: the task text.
Told: one-axis
"""

import numpy as np


def is_flat(kernel, stride, tol=1e-6):
    sums = [kernel[p::stride].sum() for p in range(stride)]
    return bool(np.ptp(sums) <= tol)
