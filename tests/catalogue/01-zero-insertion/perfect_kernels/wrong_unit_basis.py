"""Picks one pixel with each kernel.

Written from: the task text.
Told: entry-near-zero
"""

import numpy as np


def perfect_kernels():
    return np.eye(4).reshape(4, 2, 2)
