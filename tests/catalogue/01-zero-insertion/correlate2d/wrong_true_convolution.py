"""Turns the kernel, as mathematicians do.

Written from: the task text.
Told: kernel-turned
"""

import numpy as np


def correlate2d(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel[::-1, ::-1])
