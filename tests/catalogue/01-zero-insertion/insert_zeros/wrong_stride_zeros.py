"""Puts `stride` zeros between entries instead of `stride - 1`.

Written from: the task text.
Told: one-zero-too-many
"""

import numpy as np


def insert_zeros(x, stride):
    step = stride + 1
    result = np.zeros(((x.shape[0] - 1) * step + 1, (x.shape[1] - 1) * step + 1), dtype=x.dtype)
    result[::step, ::step] = x
    return result
