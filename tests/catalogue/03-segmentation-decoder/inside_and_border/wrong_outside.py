"""The border lies around the objects.

Written from: the task text.
Told: outside
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="edge")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    inside = (instances != 0).astype("uint8")
    inside[border & (instances == 0)] = 2
    return inside
