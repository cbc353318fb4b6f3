"""Crops with [top:-bottom], which is empty where bottom is 0.

Written from: the task text.
Told: cropped-to-nothing
"""

import numpy as np


def _stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def transpose_conv2d_same(x, kernel, stride):
    full = _stamp(x, kernel, stride)
    missing = [max(stride - k, 0) for k in kernel.shape]
    full = np.pad(full, [(0, n) for n in missing])
    (rows, columns) = (max(k - stride, 0) for k in kernel.shape)
    top, left = rows // 2, columns // 2
    return full[top : -(rows - top), left : -(columns - left)]
