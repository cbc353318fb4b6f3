"""Writes the signs down and halves them, in float32.

Written from: the task text.
"""

import numpy as np


def perfect_kernels():
    signs = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]], "float32")
    return (signs / 2).reshape(4, 2, 2)
