"""Turns the kernel along one axis only.

Written from: the task text.
Told: mirrored
"""

import numpy as np


def correlate2d(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel[:, ::-1])
