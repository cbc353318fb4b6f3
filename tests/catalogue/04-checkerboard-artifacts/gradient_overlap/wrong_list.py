"""Returns lists of numbers.

Written from: the task text.
Told: returns-list
"""

import numpy as np


def gradient_overlap(n, kernel_size, stride):
    line = np.zeros(n)
    for start in range(0, n - kernel_size + 1, stride):
        line[start : start + kernel_size] += 1
    return np.outer(line, line).tolist()
