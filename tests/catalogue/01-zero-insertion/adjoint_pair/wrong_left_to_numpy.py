"""Lets NumPy complain of shapes: its messages name no parameter, and some shapes broadcast.

Written from: the hidden tests.
Told: error-names-no-parameter
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


def adjoint_pair(kernel, x, y, stride):
    forward = _correlate(x, kernel)[::stride, ::stride]
    return float(np.vdot(forward, y)), float(np.vdot(x, _stamp(y, kernel, stride)))
