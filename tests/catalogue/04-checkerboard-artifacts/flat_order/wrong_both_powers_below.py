"""Lets both powers go up to m - 1.

Written from: the task text.
Told: degree-per-axis
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = np.asarray(kernel, "float64")
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape)
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    for m in range(1, sum(kernel.shape) - 1):
        for a in range(m):
            for b in range(m):
                weighted = kernel * np.outer(rows**a, columns**b)
                moments = [weighted[p::stride, q::stride].sum() for p, q in phases]
                if max(moments) - min(moments) > limit:
                    return m - 1
    return sum(kernel.shape) - 2
