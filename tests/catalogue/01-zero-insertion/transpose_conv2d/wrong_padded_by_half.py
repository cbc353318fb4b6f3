"""Pads by half of the kernel's size on each side.

Written from: the task text.
Told: padded-too-little
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    other = kernel[::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, other.shape)
    return (windows * other).sum(axis=(2, 3))
