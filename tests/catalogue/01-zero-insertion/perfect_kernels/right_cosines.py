"""Takes products of two rotations.

Written from: the task text.
"""

import numpy as np


def perfect_kernels():
    c, s = np.cos(0.3), np.sin(0.3)
    rotation = np.array([[c, s], [-s, c]])
    return np.array([np.outer(a, b) for a in rotation for b in rotation])
