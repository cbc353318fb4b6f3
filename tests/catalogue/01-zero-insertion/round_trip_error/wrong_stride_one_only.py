"""Forgets the stride of the convolution and cuts the result to the size of x.

Written from: the hidden tests.
Told: values, no cause
"""

import numpy as np


def _correlate(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _stamp(x, kernel, stride):
    (h, w), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def round_trip_error(x, kernel, stride):
    z = _stamp(_correlate(x, kernel), kernel, stride)[: x.shape[0], : x.shape[1]]
    if not z.any():
        return 1.0
    a = np.sum(x * z) / np.sum(z * z)
    return float(np.linalg.norm(x - a * z) / np.linalg.norm(x))
