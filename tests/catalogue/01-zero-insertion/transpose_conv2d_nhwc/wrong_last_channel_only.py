"""Assigns in the loop over input channels instead of adding.

Written from: the task text.
Told: one-channel
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    (batch, height, width, _), (kh, kw, outputs, _) = x.shape, kernel.shape
    result = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for i, j in np.ndindex(height, width):
        patch = x[:, i, j, -1][:, None, None, None] * kernel[:, :, :, -1]
        result[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return result
