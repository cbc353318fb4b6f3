"""Computes one side and returns it twice: they are equal anyway.

Written from: the task text.
Told: error-names-no-parameter
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    (kh, kw), (h, w) = kernel.shape, y.shape

    forward, back = np.zeros((h, w)), np.zeros(x.shape)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        forward[i, j] = np.sum(x[window] * kernel)
        back[window] += y[i, j] * kernel
    return (float(np.sum(forward * y)),) * 2
