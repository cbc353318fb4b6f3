"""Leaves zeros between the labels.

Written from: the task text.
Told: zeros-between
"""

import numpy as np


def resize_mask(mask, factor):
    large = np.zeros((mask.shape[0] * factor, mask.shape[1] * factor), mask.dtype)
    large[::factor, ::factor] = mask
    return large
