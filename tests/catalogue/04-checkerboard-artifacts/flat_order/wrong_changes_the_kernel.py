"""Weighs the entries in place.

Written from: the task text.
Told: changes-argument
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape)
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    for degree in range(sum(kernel.shape) - 2):
        for a in range(degree + 1):
            moments = [kernel[p::stride, q::stride].sum() for p, q in phases]
            if max(moments) - min(moments) > limit:
                return degree
            kernel *= rows[:, None] if a < degree else columns
    return sum(kernel.shape) - 2
