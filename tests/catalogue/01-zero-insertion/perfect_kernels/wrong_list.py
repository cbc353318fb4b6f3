"""Returns a list of arrays.

Written from: the task text.
Told: not-an-array
"""

import numpy as np


def perfect_kernels():
    one, two = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    return [np.outer(a, b) / 2 for a in (one, two) for b in (one, two)]
