"""Puts the rest of the input on both sides.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def gradient_overlap(n, kernel_size, stride):
    line = np.zeros(n)
    shift = (n - kernel_size) % stride // 2
    for start in range(shift, n - kernel_size + 1, stride):
        line[start : start + kernel_size] += 1
    return np.outer(line, line)
