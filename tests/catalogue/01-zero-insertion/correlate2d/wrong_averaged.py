"""Takes the mean of the products instead of their sum.

Written from: the task text.
Told: averaged
"""

import numpy as np


def correlate2d(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return (windows * kernel).mean(axis=(2, 3))
