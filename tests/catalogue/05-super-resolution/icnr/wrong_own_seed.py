"""A generator of its own: every seed gives the same kernel.

Written from: the task text.
Told: rng-unused
"""

import numpy as np


def icnr(shape, factor, rng):
    small = np.random.default_rng(0).normal(0, 0.1, (*shape[:3], shape[3] // factor**2))
    return np.tile(small, factor**2).astype("float32")
