"""The result is made of floats.

Written from: the solution.
Told: dtype
"""

import numpy as np


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    y = np.zeros((n, h * factor, w * factor, d // factor**2), "float32")
    for p in range(factor):
        for q in range(factor):
            k = p * factor + q
            c = y.shape[-1]
            y[:, p::factor, q::factor] = x[..., k * c : (k + 1) * c]
    return y
