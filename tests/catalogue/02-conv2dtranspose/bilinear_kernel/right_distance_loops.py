"""Computes each weight from its distance to the center, in loops.

Written from: the task text.
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    center = (k - 1) / 2
    kernel = np.zeros((k, k, channels, channels), dtype=np.float32)
    for i in range(k):
        for j in range(k):
            weight = (1 - abs(i - center) / factor) * (1 - abs(j - center) / factor)
            for c in range(channels):
                kernel[i, j, c, c] = weight
    return kernel
