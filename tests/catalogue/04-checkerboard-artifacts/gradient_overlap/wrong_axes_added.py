"""Adds the counts of the two axes.

Written from: the task text.
Told: axes-added
"""

import numpy as np


def gradient_overlap(n, kernel_size, stride):
    line = np.zeros(n)
    for start in range(0, n - kernel_size + 1, stride):
        line[start : start + kernel_size] += 1
    return line[:, None] + line
