"""Takes each phase out first and counts its own rows and columns.

Written from: the task text.
Told: within-a-phase
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    limit = tol * np.abs(kernel).sum()
    for degree in range(sum(kernel.shape) - 2):
        for a in range(degree + 1):
            moments = []
            for p in range(stride):
                for q in range(stride):
                    phase = kernel[p::stride, q::stride].astype("float64")
                    i, j = np.indices(phase.shape)
                    moments.append((i**a * j ** (degree - a) * phase).sum())
            if max(moments) - min(moments) > limit:
                return degree
    return sum(kernel.shape) - 2
