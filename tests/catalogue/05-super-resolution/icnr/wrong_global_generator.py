"""NumPy's global generator instead of `rng`.

Written from: the solution.
Told: unseeded
"""

import numpy as np


def icnr(shape, factor, rng):
    small = np.random.normal(0, 0.1, (*shape[:3], shape[3] // factor**2))
    return np.tile(small, factor**2).astype("float32")
