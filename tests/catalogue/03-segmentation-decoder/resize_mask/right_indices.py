"""Looks up the pixel that each output pixel lies in.

Written from: the task text.
"""

import numpy as np


def resize_mask(mask, factor):
    rows = np.arange(mask.shape[0] * factor) // factor
    columns = np.arange(mask.shape[1] * factor) // factor
    return mask[rows[:, None], columns]
