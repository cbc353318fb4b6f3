"""Gives every pair of channels the tent.

Written from: the task text.
Told: channels-mixed
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)[:, :, None, None]
    return (stamp * np.ones((channels, channels))).astype("float32")
