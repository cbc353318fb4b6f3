"""Prints the kernels.

Written from: the task text.
Told: returns-nothing
"""

import numpy as np


def perfect_kernels():
    print(
        np.array([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]]) / 2
    )
