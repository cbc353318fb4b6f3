"""Averages the weights of the two axes.

Written from: the task text.
Told: averaged
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / factor
    stamp = (tent[:, None] + tent[None, :]) / 2
    return (stamp[:, :, None, None] * np.eye(channels)).astype("float32")
