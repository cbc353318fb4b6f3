"""Uses powers of the row index only.

Written from: the task text.
Told: one-axis
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = np.asarray(kernel, "float64")
    rows = np.linspace(-1, 1, len(kernel)) if len(kernel) > 1 else np.zeros(1)
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    for degree in range(sum(kernel.shape) - 2):
        weighted = kernel * rows[:, None] ** degree
        moments = [weighted[p::stride, q::stride].sum() for p, q in phases]
        if max(moments) - min(moments) > limit:
            return degree
    return sum(kernel.shape) - 2
