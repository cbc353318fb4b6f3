"""One assignment for each place in a block.

Written from: the task text.
"""

import numpy as np


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    c = d // factor**2
    y = np.empty((n, h * factor, w * factor, c), x.dtype)
    for p in range(factor):
        for q in range(factor):
            start = (p * factor + q) * c
            y[:, p::factor, q::factor] = x[..., start : start + c]
    return y
