"""Cuts everything at the bottom and the right.

Written from: the task text.
Told: cropped-at-the-end
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    rows, columns = height * stride, width * stride
    frame = np.zeros((rows + max(kh, stride), columns + max(kw, stride)))
    for (i, j), value in np.ndenumerate(x):
        frame[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    top, left = 0, 0
    return frame[top : top + rows, left : left + columns]
