"""Lets the weight fall off with the distance in the plane.

Written from: the task text.
Told: one-distance
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    rows, columns = np.mgrid[:k, :k] - (k - 1) / 2
    stamp = np.maximum(1 - np.sqrt(rows**2 + columns**2) / factor, 0)
    kernel = np.zeros((k, k, channels, channels), dtype="float32")
    for channel in range(channels):
        kernel[:, :, channel, channel] = stamp
    return kernel
