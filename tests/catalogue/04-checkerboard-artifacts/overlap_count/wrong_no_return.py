"""Counts and does not return.

Written from: the task text.
Told: returns-nothing
"""

import numpy as np


def overlap_count(n, kernel_size, stride):
    line = np.zeros((n - 1) * stride + kernel_size, int)
    for i in range(n):
        line[i * stride : i * stride + kernel_size] += 1
    np.outer(line, line)
