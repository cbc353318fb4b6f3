"""Begins the crop at k // 2, whatever the stride.

Written from: the task text.
Told: cropped-as-at-stride-1
"""

import numpy as np


def stamps(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for i, j in np.ndindex(height, width):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    full = stamps(x, kernel, stride)
    top, left = kh // 2, kw // 2
    return full[top : top + height * stride, left : left + width * stride]
