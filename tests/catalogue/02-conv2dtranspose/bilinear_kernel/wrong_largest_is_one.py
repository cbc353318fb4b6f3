"""Divides by the largest weight, so that the middle is 1.

Written from: the task text.
Told: divided-by-its-maximum
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)
    return (stamp[:, :, None, None] / stamp.max() * np.eye(channels)).astype("float32")
