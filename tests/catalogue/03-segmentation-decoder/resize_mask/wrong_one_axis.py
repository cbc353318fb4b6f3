"""Enlarges one axis only.

Written from: the task text.
Told: shape
"""

import numpy as np


def resize_mask(mask, factor):
    return np.repeat(mask, factor, axis=0)
