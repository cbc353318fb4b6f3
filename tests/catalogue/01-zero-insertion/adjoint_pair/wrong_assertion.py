"""Checks the shapes with `assert`, which raises another error.

Written from: the task text.
Told: raises-AssertionError, no cause
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    (kh, kw), (h, w) = kernel.shape, y.shape
    assert x.shape == ((h - 1) * stride + kh, (w - 1) * stride + kw), "x"
    forward, back = np.zeros((h, w)), np.zeros(x.shape)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        forward[i, j] = np.sum(x[window] * kernel)
        back[window] += y[i, j] * kernel
    return float(np.sum(forward * y)), float(np.sum(x * back))
