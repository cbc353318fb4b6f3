"""Forgets to turn the kernel.

Written from: the task text.
Told: kernel-not-turned
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    kh, kw = kernel.shape
    expanded = np.zeros(((x.shape[0] - 1) * stride + 1, (x.shape[1] - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))
