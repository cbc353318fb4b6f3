"""Marks the border in the array that it was given.

Written from: the task text.
Told: changes-argument
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="edge")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    instances[border & (instances != 0)] = 2
    instances[~border & (instances != 0)] = 1
    return instances.astype("uint8")
