"""Leaves each kernel in a row.

Written from: the task text.
Told: flat
"""

import numpy as np


def perfect_kernels():
    return (
        np.array(
            [[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]]
        ).reshape(4, 4)
        / 2
    )
