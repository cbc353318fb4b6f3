"""Returns one kernel only.

Written from: the task text.
Told: another-shape-of-bank
"""

import numpy as np


def perfect_kernels():
    return np.full((1, 2, 2), 0.5)
