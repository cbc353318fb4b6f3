"""Takes n for the number of windows.

Written from: the task text.
Told: n-windows
"""

import numpy as np


def gradient_overlap(n, kernel_size, stride):
    line = np.zeros((n - 1) * stride + kernel_size)
    for i in range(n):
        line[i * stride : i * stride + kernel_size] += 1
    return np.outer(line, line)
