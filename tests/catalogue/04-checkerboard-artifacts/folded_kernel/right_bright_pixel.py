"""Does the two steps to a block of ones.

Written from: the task text.
"""

import numpy as np


def folded_kernel(kernel, factor):
    rows, columns = kernel.shape
    block = np.pad(np.ones((factor, factor)), ((rows - 1,) * 2, (columns - 1,) * 2))
    return np.array(
        [
            [
                (block[i : i + rows, j : j + columns] * kernel).sum()
                for j in range(columns + factor - 1)
            ]
            for i in range(rows + factor - 1)
        ]
    )
