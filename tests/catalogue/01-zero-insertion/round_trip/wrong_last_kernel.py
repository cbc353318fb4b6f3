"""Assigns where it should add.

Written from: the task text.
Told: last-kernel-only
"""

import numpy as np


def _correlate(x, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def round_trip(x, kernels, stride):
    for kernel in kernels:
        back = _stamp(_correlate(x, kernel, stride), kernel, stride)
    return back
