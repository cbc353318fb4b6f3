"""Checks both axes in turn and sums over windows.

Written from: the task text.
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    for axis in (0, 1):
        if x.shape[axis] != (y.shape[axis] - 1) * stride + kernel.shape[axis]:
            raise ValueError(f"x and y do not belong together along axis {axis}")
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)[::stride, ::stride]
    forward = (windows * kernel).sum(axis=(-1, -2))
    back = np.zeros(x.shape)
    for i, j in np.ndindex(y.shape):
        back[i * stride :, j * stride :][: kernel.shape[0], : kernel.shape[1]] += y[i, j] * kernel
    return (float((forward * y).sum()), float((x * back).sum()))
