"""Pads rows by the width of the kernel and columns by its height.

Written from: the task text.
Told: square-only
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kw - 1, kw - 1), (kh - 1, kh - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel[::-1, ::-1]).sum(axis=(2, 3))
