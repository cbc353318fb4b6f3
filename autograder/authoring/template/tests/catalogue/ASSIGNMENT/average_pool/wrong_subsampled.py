"""Takes every factor-th pixel and ignores the others.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    rows, columns = x.shape[0] // factor, x.shape[1] // factor
    return np.array(x[::factor, ::factor][:rows, :columns])
