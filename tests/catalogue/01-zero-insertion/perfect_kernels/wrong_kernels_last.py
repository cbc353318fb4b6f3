"""Numbers the kernels along the last axis.

Written from: the task text.
Told: kernels-last
"""

import numpy as np


def perfect_kernels():
    return np.moveaxis(
        np.array([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]])
        / 2,
        0,
        -1,
    )
