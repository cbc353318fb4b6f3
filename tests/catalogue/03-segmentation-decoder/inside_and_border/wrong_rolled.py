"""np.roll brings in the opposite edge.

Written from: the task text.
Told: wrapped
"""

import numpy as np


def inside_and_border(instances):
    border = np.zeros(instances.shape, bool)
    for axis in (0, 1):
        for step in (-1, 1):
            border |= np.roll(instances, step, axis) != instances
    return np.where(instances == 0, 0, 1 + border).astype("uint8")
