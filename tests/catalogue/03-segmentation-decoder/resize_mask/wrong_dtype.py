"""Comes back as float.

Written from: the task text.
Told: dtype
"""

import numpy as np


def resize_mask(mask, factor):
    return np.kron(mask, np.ones((factor, factor)))
