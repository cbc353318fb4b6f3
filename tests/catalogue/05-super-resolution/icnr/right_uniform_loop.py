"""Uniform numbers, written into each group of channels.

Written from: the solution.
"""

import numpy as np


def icnr(shape, factor, rng):
    rows, columns, before, after = shape
    small = rng.uniform(-0.1, 0.1, (rows, columns, before, after // factor**2))
    kernel = np.empty(shape, "float32")
    step = small.shape[-1]
    for start in range(0, after, step):
        kernel[..., start : start + step] = small
    return kernel
