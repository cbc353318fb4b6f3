"""Computes the crop without max: a negative start counts from the end.

Written from: the task text.
Told: negative-crop
"""

import numpy as np


def _stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def transpose_conv2d_same(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.pad(_stamp(x, kernel, stride), ((0, stride), (0, stride)))
    top, left = (kh - stride) // 2, (kw - stride) // 2
    return full[top : top + h * stride, left : left + w * stride]
