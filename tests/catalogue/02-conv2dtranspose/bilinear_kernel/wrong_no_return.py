"""Draws the kernel and does not return it.

Written from: the task text.
Told: returns-nothing
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    line = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    kernel = np.zeros((size, size, channels, channels), "float32")
    for c in range(channels):
        kernel[:, :, c, c] = np.outer(line, line)
