"""Takes neighboring entries instead of every stride-th.

Written from: the task text.
Told: blocks
"""

import numpy as np


def phase_sums(kernel, stride):
    rows = np.array_split(np.arange(kernel.shape[0]), stride)
    columns = np.array_split(np.arange(kernel.shape[1]), stride)
    return np.array([[kernel[np.ix_(r, c)].sum() for c in columns] for r in rows])
