"""Takes the formula of odd sizes for all.

Written from: the task text.
Told: odd-formula
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - 1
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)
    return (stamp[:, :, None, None] * np.eye(channels)).astype("float32")
