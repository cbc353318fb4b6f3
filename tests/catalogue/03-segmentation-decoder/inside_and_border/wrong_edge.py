"""Pads with background.

Written from: the task text.
Told: image-edge
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="constant")
    around = [wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    border = np.any([window != instances for window in around], axis=0)
    return np.where(instances == 0, 0, np.where(border, 2, 1)).astype("uint8")
