"""Background beside an object is marked, too.

Written from: the task text.
Told: background-bordered
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="edge")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    return np.where(border, 2, instances != 0).astype("uint8")
