"""Pixels inside keep their labels.

Written from: the task text.
Told: inside-keeps-labels
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="edge")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    result = instances.copy()
    result[border & (instances != 0)] = 2
    return result.astype("uint8")
