"""Enlarges one axis only.

Written from: the task text.
Told: rows-only
"""

import numpy as np


def resize_mask(mask, factor):
    return np.repeat(mask, factor, axis=0)
