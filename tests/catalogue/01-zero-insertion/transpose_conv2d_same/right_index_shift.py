"""Stamps straight into the cropped frame and leaves out what falls outside.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros((height * stride, width * stride))
    top, left = max(kh - stride, 0) // 2, max(kw - stride, 0) // 2
    for i, j in np.ndindex(height, width):
        for a, b in np.ndindex(kh, kw):
            row, column = i * stride + a - top, j * stride + b - left
            if 0 <= row < result.shape[0] and 0 <= column < result.shape[1]:
                result[row, column] += x[i, j] * kernel[a, b]
    return result
