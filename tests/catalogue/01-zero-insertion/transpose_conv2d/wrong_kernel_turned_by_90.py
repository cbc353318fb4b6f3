"""Turns the kernel by 90 degrees only.

Written from: the task text.
Told: turned-by-90
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    other = np.rot90(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(padded, other.shape)
    return (windows * other).sum(axis=(2, 3))
