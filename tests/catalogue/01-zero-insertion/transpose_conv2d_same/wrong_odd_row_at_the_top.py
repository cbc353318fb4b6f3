"""Rounds up, so that the odd row goes at the top and the left.

Written from: the task text.
Told: cropped-at-the-start
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    rows, columns = height * stride, width * stride
    frame = np.zeros((rows + max(kh, stride), columns + max(kw, stride)))
    for (i, j), value in np.ndenumerate(x):
        frame[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    top, left = (max(kh - stride, 0) + 1) // 2, (max(kw - stride, 0) + 1) // 2
    return frame[top : top + rows, left : left + columns]
