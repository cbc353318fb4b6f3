"""Repeats the whole mask.

Written from: the task text.
"""

import numpy as np


def resize_mask(mask, factor):
    return np.tile(mask, (factor, factor))
