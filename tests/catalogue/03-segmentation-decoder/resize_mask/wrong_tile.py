"""Repeats the whole mask.

Written from: the task text.
Told: tiled
"""

import numpy as np


def resize_mask(mask, factor):
    return np.tile(mask, (factor, factor))
