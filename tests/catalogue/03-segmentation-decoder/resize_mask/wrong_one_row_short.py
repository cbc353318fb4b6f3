"""Stops one row early.

Written from: the task text.
Told: cut-off
"""

import numpy as np


def resize_mask(mask, factor):
    return np.repeat(np.repeat(mask, factor, axis=0), factor, axis=1)[:-1]
