"""Only says which pixels are touched.

Written from: the task text.
Told: touched
"""

import numpy as np


def overlap_count(n, kernel_size, stride):
    length = (n - 1) * stride + kernel_size
    counts = np.zeros((length, length), int)
    for i in range(n):
        for j in range(n):
            counts[i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size] = 1
    return counts
