"""Returns whole numbers.

Written from: the task text.
Told: whole-numbers
"""

import numpy as np


def perfect_kernels():
    return np.array([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]])
