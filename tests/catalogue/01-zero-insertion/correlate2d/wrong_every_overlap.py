"""Pads the image so that every overlap with the kernel counts.

Written from: the task text.
Told: padded-all-around
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))
