"""Lets the weight fall to 0 after k / 2 pixels instead of factor.

Written from: the task text.
Told: another-slope
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / (k / 2)
    return (np.outer(tent, tent)[:, :, None, None] * np.eye(channels)).astype("float32")
