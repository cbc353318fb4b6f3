"""Pads with as many zeros as the kernel is wide.

Written from: the task text.
Told: padded-by-k
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, ((kh, kh), (kw, kw)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel[::-1, ::-1]).sum(axis=(2, 3))
