"""Flat on constant images only: the kernels of a channel differ but have equal sums.

Written from: the solution.
Told: grid
"""

import numpy as np


def icnr(shape, factor, rng):
    kernel = rng.normal(0, 0.1, shape)
    kernel -= kernel.mean(axis=(0, 1), keepdims=True)
    means = rng.normal(0, 0.1, (*shape[2:3], shape[3] // factor**2))
    return (kernel + np.tile(means, factor**2)).astype("float32")
