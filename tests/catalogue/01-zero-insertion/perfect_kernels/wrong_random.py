"""Draws kernels of length 1 that are not orthogonal.

Written from: the task text.
Told: not-orthogonal
"""

import numpy as np


def perfect_kernels():
    kernels = np.random.default_rng(0).normal(size=(4, 2, 2))
    return kernels / np.sqrt((kernels**2).sum(axis=(1, 2), keepdims=True))
