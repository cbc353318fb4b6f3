"""Adds each window.

Written from: the task text.
"""

import numpy as np


def gradient_overlap(n, kernel_size, stride):
    gradient = np.zeros((n, n), int)
    for top in range(0, n - kernel_size + 1, stride):
        for left in range(0, n - kernel_size + 1, stride):
            gradient[top : top + kernel_size, left : left + kernel_size] += 1
    return gradient
