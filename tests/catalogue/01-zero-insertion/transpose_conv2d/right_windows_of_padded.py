"""Expands, pads and takes all windows of the turned kernel by `tensordot`.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    kh, kw = kernel.shape
    expanded = np.zeros([(n - 1) * stride + 1 for n in x.shape])
    expanded[::stride, ::stride] = x
    padded = np.pad(expanded, [(kh - 1,) * 2, (kw - 1,) * 2])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    return np.tensordot(windows, np.rot90(kernel, 2), axes=2)
