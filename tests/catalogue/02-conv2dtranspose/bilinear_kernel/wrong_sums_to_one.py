"""Divides by the sum, so that the kernel would keep the mean of a stride-1 filter.

Written from: the task text.
Told: divided-by-its-sum
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)
    stamp /= stamp.sum()
    return (stamp[:, :, None, None] * np.eye(channels)).astype("float32")
