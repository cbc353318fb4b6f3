"""Cuts, but leaves out the zeros that a kernel smaller than the stride needs.

Written from: the task text.
Told: not-filled-up
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    full = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for (i, j), value in np.ndenumerate(x):
        full[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    top, left = max(kh - stride, 0) // 2, max(kw - stride, 0) // 2
    return full[top : top + height * stride, left : left + width * stride]
