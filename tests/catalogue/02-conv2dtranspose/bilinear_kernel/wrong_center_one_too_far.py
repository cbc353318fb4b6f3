"""Counts the entries from 1 for an odd factor.

Written from: the task text.
Told: odd-one-right
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    center = factor if factor % 2 else factor - 0.5
    tent = 1 - np.abs(np.arange(k) - center) / factor
    return (np.outer(tent, tent)[:, :, None, None] * np.eye(channels)).astype("float32")
