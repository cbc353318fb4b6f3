"""A pixel is inside where the largest and the smallest label around it agree.

Written from: the task text.
"""

import numpy as np


def inside_and_border(instances):
    wide = np.pad(instances, 1, mode="symmetric")
    cross = np.stack(
        [wide[1:-1, 1:-1], wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    )
    result = np.where(cross.max(axis=0) == cross.min(axis=0), 1, 2).astype(np.uint8)
    result[instances == 0] = 0
    return result
