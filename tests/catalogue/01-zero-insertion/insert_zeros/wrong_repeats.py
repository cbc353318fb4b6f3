"""Repeats entries, which is what nearest-neighbor upsampling does.

Written from: the task text.
Told: repeated
"""

import numpy as np


def insert_zeros(x, stride):
    wide = np.repeat(np.repeat(x, stride, axis=0), stride, axis=1)
    return wide[: wide.shape[0] - stride + 1, : wide.shape[1] - stride + 1]
