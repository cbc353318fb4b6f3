"""Leaves out the zeros around the image, so the window never hangs over the edge.

Written from: the task text.
Told: not-padded
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    expanded = np.zeros(((x.shape[0] - 1) * stride + 1, (x.shape[1] - 1) * stride + 1))
    expanded[::stride, ::stride] = x
    missing = [max(k - n, 0) for k, n in zip(kernel.shape, expanded.shape, strict=True)]
    expanded = np.pad(expanded, [(0, m) for m in missing])
    windows = np.lib.stride_tricks.sliding_window_view(expanded, kernel.shape)
    return (windows * kernel[::-1, ::-1]).sum(axis=(2, 3))
