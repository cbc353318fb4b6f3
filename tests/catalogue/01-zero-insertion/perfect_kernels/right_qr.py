"""Orthogonalizes random rows.

Written from: the task text.
"""

import numpy as np


def perfect_kernels():
    basis, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(4, 4)))
    return basis.reshape(4, 2, 2)
