"""Pads by half of the kernel's size on both sides, also for even sizes.

Written from: the task text.
Told: padded-to-the-same-size
"""

import numpy as np


def correlate2d(x, kernel):
    (kh, kw) = kernel.shape
    padded = np.pad(x, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))
