"""Phases as indicator matrices, all moments at once by einsum.

Written from: the task text.
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    k = kernel.astype(np.float64)
    top = sum(k.shape) - 2

    def powers(n):
        place = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
        is_in = np.arange(n) % stride == np.arange(stride)[:, None]
        return np.array([place**d * is_in for d in range(top + 1)])  # (degree, phase, n)

    moments = np.einsum("api,bqj,ij->abpq", powers(k.shape[0]), powers(k.shape[1]), k)
    spreads = np.ptp(moments.reshape(top + 1, top + 1, -1), axis=-1)
    degree = np.add.outer(np.arange(top + 1), np.arange(top + 1))
    uneven = degree[spreads > tol * np.abs(k).sum()]
    return min(uneven.min(initial=top), top)
