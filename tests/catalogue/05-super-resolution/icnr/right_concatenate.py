"""The same array factor**2 times.

Written from: the task text.
"""

import numpy as np


def icnr(shape, factor, rng):
    fan_in = shape[0] * shape[1] * shape[2]
    size = (*shape[:3], shape[3] // factor**2)
    small = (rng.normal(size=size) / np.sqrt(fan_in)).astype(np.float32)
    return np.concatenate([small] * factor**2, axis=3)
