"""Counts the windows with the stride, but moves them by one entry.

Written from: the task text.
Told: window-moves-by-one
"""

import numpy as np


def conv_matrix(kernel, input_shape, stride):
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    windows = np.zeros((h, w, height, width))
    for i, j in np.ndindex(h, w):
        windows[i, j, i : i + kh, j : j + kw] = kernel
    return windows.reshape(h * w, height * width)
