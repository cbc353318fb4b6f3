"""Right where one channel comes out.

Written from: the task text.
Told: torch-order
"""

import numpy as np


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    y = np.zeros((n, h * factor, w * factor, d // factor**2), x.dtype)
    for k in range(factor**2):
        y[:, k // factor :: factor, k % factor :: factor] = x[..., k :: factor**2]
    return y
