"""An axis for the places, broadcast.

Written from: the solution.
"""

import numpy as np


def icnr(shape, factor, rng):
    outputs = shape[-1] // factor**2
    small = rng.standard_normal((*shape[:3], 1, outputs), dtype="float32") * np.float32(0.05)
    return np.broadcast_to(small, (*shape[:3], factor**2, outputs)).reshape(shape)
