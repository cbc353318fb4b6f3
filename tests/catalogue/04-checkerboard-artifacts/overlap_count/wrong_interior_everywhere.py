"""Repeats the interior's counts up to the border.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def overlap_count(n, kernel_size, stride):
    length = (n - 1) * stride + kernel_size
    line = np.array([len(range(p % stride, kernel_size, stride)) for p in range(length)])
    return np.outer(line, line)
