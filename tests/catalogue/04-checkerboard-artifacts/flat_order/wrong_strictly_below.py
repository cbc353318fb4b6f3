"""Wants the spread below the limit, which it may equal.

Written from: the task text.
Told: below
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = np.asarray(kernel, "float64")
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape)
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    for degree in range(sum(kernel.shape) - 2):
        for a in range(degree + 1):
            weighted = kernel * np.outer(rows**a, columns ** (degree - a))
            moments = [weighted[p::stride, q::stride].sum() for p, q in phases]
            if not max(moments) - min(moments) < limit:
                return degree
    return sum(kernel.shape) - 2
