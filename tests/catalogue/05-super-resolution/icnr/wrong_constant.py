"""A mean filter has no grid, and nothing to tell its channels apart.

Written from: the solution.
Told: constant
"""

import numpy as np


def icnr(shape, factor, rng):
    return np.full(shape, 1 / np.prod(shape[:3]), "float32")
