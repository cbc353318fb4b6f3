"""Reflects the unit basis at a vector.

Written from: the task text.
"""

import numpy as np


def perfect_kernels():
    v = np.array([1.0, 2.0, 3.0, 4.0])
    return (np.eye(4) - 2 * np.outer(v, v) / (v @ v)).reshape(4, 2, 2)
