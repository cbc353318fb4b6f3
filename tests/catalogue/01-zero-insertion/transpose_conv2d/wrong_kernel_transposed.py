"""Transposes the kernel instead of turning it.

Written from: the task text.
Told: kernel-transposed
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    other = kernel.T
    windows = np.lib.stride_tricks.sliding_window_view(padded, other.shape)
    return (windows * other).sum(axis=(2, 3))
