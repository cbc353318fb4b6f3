"""The numbers of np.where are int64.

Written from: the task text.
Told: dtype
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="edge")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    return np.where(instances == 0, 0, np.where(border, 2, 1))
