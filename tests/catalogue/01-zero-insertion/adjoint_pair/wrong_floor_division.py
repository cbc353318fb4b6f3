"""Checks y against the shape of the convolution, which some larger x have, too.

Written from: the task text.
Told: no-error
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    (kh, kw), (h, w) = kernel.shape, y.shape
    if (h, w) != ((x.shape[0] - kh) // stride + 1, (x.shape[1] - kw) // stride + 1):
        raise ValueError("y does not fit x")
    forward, back = np.zeros((h, w)), np.zeros(x.shape)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        forward[i, j] = np.sum(x[window] * kernel)
        back[window] += y[i, j] * kernel
    return float(np.sum(forward * y)), float(np.sum(x * back))
