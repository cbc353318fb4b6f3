"""Compares above and below only.

Written from: the task text.
Told: one-axis
"""

import numpy as np


def inside_and_border(instances):
    border = np.zeros(instances.shape, bool)
    differs = instances[1:] != instances[:-1]
    border[1:] |= differs
    border[:-1] |= differs
    return np.where(instances == 0, 0, 1 + border).astype("uint8")
