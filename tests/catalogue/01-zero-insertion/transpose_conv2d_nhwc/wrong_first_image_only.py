"""Computes the first image and gives it to all.

Written from: the task text.
Told: first-image-only
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    (batch, height, width, _), (kh, kw, outputs, _) = x.shape, kernel.shape
    result = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for i, j in np.ndindex(height, width):
        patch = np.einsum("c,abdc->abd", x[0, i, j], kernel)
        result[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return result
