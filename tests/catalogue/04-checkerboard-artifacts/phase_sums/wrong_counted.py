"""Counts the entries of each phase.

Written from: the task text.
Told: counted
"""

import numpy as np


def phase_sums(kernel, stride):
    return np.array(
        [[kernel[p::stride, q::stride].size for q in range(stride)] for p in range(stride)]
    )
