"""Repeats the tent in every row.

Written from: the task text.
Told: one-axis
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / factor
    return (np.tile(tent, (k, 1))[:, :, None, None] * np.eye(channels)).astype("float32")
