"""Skips phases without entries.

Written from: the task text.
Told: empty-phases-left-out
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
            parts = [weighted[p::stride, q::stride] for p, q in phases]
            moments = [part.sum() for part in parts if part.size]
            if max(moments) - min(moments) > limit:
                return degree
    return sum(kernel.shape) - 2
