"""Draws other kernels at each call.

Written from: the task text.
Told: differs-by-call
"""

import numpy as np


def perfect_kernels():
    basis, _ = np.linalg.qr(np.random.normal(size=(4, 4)))
    return basis.reshape(4, 2, 2)
