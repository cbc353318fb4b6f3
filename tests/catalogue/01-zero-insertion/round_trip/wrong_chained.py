"""Sends what came back of one kernel through the next.

Written from: the task text.
Told: chained
"""

import numpy as np


def stamps(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for i, j in np.ndindex(height, width):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def round_trip(x, kernels, stride):
    for kernel in kernels:
        windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
        y = np.einsum("ijkl,kl->ij", windows, kernel)[::stride, ::stride]
        x = stamps(y, kernel, stride)
    return x
