"""Makes room for the copies and writes only one.

Written from: the task text.
Told: zeros-around
"""

import numpy as np


def folded_kernel(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1))
    stamp[:rows, :columns] = kernel[::-1, ::-1]
    return stamp
