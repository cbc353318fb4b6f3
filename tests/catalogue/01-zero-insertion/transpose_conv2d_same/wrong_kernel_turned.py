"""Stamps the turned kernel.

Written from: the task text.
Told: kernel-turned
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    rows, columns = height * stride, width * stride
    frame = np.zeros((rows + max(kh - stride, 0), columns + max(kw - stride, 0)))
    for (i, j), value in np.ndenumerate(x):
        frame[i * stride : i * stride + kh, j * stride : j * stride + kw] += (
            value * kernel[::-1, ::-1]
        )
    top, left = max(kh - stride, 0) // 2, max(kw - stride, 0) // 2
    return frame[top : top + rows, left : left + columns]
