"""Takes `cout` for the last entry of the shape.

Written from: the task text.
Told: kernel-shape
"""

import numpy as np


def icnr(shape, factor, rng):
    return np.tile(rng.normal(0, 0.1, shape), factor**2).astype("float32")
