"""Knows flat and not flat.

Written from: the task text.
Told: constant-only
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = np.asarray(kernel, "float64")
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    sums = [kernel[p::stride, q::stride].sum() for p, q in phases]
    return int(max(sums) - min(sums) <= limit)
