"""Moves on by one pixel instead of by a block.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    windows = np.lib.stride_tricks.sliding_window_view(x, (factor, factor))
    return windows.mean(axis=(2, 3))
