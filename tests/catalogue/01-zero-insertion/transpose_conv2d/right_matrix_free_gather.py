"""Gathers: sums, for each output entry, over the stamps that reach it.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for row, column in np.ndindex(result.shape):
        for i in range(height):
            for j in range(width):
                a, b = row - i * stride, column - j * stride
                if 0 <= a < kh and 0 <= b < kw:
                    result[row, column] += x[i, j] * kernel[a, b]
    return result
