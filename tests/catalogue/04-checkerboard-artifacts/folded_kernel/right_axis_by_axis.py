"""Adds shifted copies along one axis, then along the other.

Written from: the task text.
"""

import numpy as np


def folded_kernel(kernel, factor):
    turned = np.rot90(kernel, 2)
    high = sum(np.pad(turned, ((i, factor - 1 - i), (0, 0))) for i in range(factor))
    return sum(np.pad(high, ((0, 0), (j, factor - 1 - j))) for j in range(factor))
