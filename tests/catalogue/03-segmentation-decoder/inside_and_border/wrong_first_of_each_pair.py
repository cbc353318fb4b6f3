"""Marks one pixel of each pair that differs.

Written from: the task text.
Told: half-of-the-neighbors
"""

import numpy as np


def inside_and_border(instances):
    border = np.zeros(instances.shape, bool)
    border[1:] |= instances[1:] != instances[:-1]
    border[:, 1:] |= instances[:, 1:] != instances[:, :-1]
    return np.where(instances == 0, 0, 1 + border).astype("uint8")
