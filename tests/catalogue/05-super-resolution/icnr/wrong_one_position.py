"""Draws one position of the kernel and repeats it.

Written from: the task text.
Told: one-position
"""

import numpy as np


def icnr(shape, factor, rng):
    small = rng.normal(0, 0.05, (1, 1, shape[2], shape[3] // factor**2))
    kernel = np.tile(small, (shape[0], shape[1], 1, factor**2))
    return kernel.astype("float32")
