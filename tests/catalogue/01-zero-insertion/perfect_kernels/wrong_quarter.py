"""Divides by the number of pixels.

Written from: the task text.
Told: another-length
"""

import numpy as np


def perfect_kernels():
    return (
        np.array([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]]) / 4
    )
