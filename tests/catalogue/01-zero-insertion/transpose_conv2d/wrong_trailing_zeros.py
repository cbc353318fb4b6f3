"""Puts zeros after the last row and column, too.

Written from: the task text.
Told: zeros-at-the-end
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros((height * stride, width * stride))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel[::-1, ::-1]).sum(axis=(2, 3))
