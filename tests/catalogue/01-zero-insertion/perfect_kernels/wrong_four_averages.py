"""Averages four times, so that the sum has the right brightness.

Written from: the task text.
Told: twice-the-same
"""

import numpy as np


def perfect_kernels():
    return np.full((4, 2, 2), 0.5)
