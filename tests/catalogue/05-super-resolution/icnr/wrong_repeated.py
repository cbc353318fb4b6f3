"""PyTorch's order: copies stand side by side.

Written from: the solution.
Told: torch-order
"""

import numpy as np


def icnr(shape, factor, rng):
    small = rng.normal(0, 0.1, (*shape[:3], shape[3] // factor**2))
    return np.repeat(small, factor**2, axis=-1).astype("float32")
