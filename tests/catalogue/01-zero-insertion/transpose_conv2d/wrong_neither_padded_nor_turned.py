"""Correlates the expanded image with the kernel as they are.

Written from: the task text.
Told: not-padded-not-turned
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    height, width = x.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    windows = np.lib.stride_tricks.sliding_window_view(expanded, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))
