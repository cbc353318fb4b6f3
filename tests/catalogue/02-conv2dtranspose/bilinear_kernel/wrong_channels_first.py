"""Puts the channel axes first, as other frameworks do.

Written from: the task text.
Told: channels-first
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)
    return (stamp * np.eye(channels)[:, :, None, None]).astype("float32")
