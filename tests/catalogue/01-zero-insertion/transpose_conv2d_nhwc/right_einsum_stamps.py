"""Stamps all channels and images of one pixel at a time by `einsum`.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    n, height, width, _ = x.shape
    kh, kw, outputs, _ = kernel.shape
    result = np.zeros((n, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for i, j in np.ndindex(height, width):
        patch = np.einsum("nc,abdc->nabd", x[:, i, j], kernel)
        result[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return result
