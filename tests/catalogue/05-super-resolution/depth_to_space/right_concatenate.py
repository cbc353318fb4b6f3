"""Splits the channels and puts columns, then rows, beside one another.

Written from: the task text.
"""

import numpy as np


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    c = d // factor**2
    parts = np.split(x, factor, axis=-1)
    rows = [part.reshape(n, h, 1, w * factor, c) for part in map(np.ascontiguousarray, parts)]
    return np.concatenate(rows, axis=2).reshape(n, h * factor, w * factor, c)
