"""NumPy's default dtype.

Written from: the task text.
Told: kernel-dtype
"""

import numpy as np


def icnr(shape, factor, rng):
    small = rng.normal(0, 0.1, (*shape[:3], shape[3] // factor**2))
    return np.tile(small, factor**2)
