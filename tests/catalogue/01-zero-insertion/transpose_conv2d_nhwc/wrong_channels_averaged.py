"""Averages over the input channels instead of summing.

Written from: the task text.
Told: averaged
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    (batch, height, width, inputs), (kh, kw, outputs, _) = x.shape, kernel.shape
    result = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for i, j in np.ndindex(height, width):
        patch = np.einsum("nc,abdc->nabd", x[:, i, j], kernel) / inputs
        result[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return result
