"""Takes inner products of vectors, and names `y` in the error.

Written from: the task text.
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    (kh, kw), (h, w) = kernel.shape, y.shape
    if (x.shape[0] - kh, x.shape[1] - kw) != ((h - 1) * stride, (w - 1) * stride):
        raise ValueError("the shape of y does not fit")
    forward, back = np.zeros((h, w)), np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
            forward[i, j] = np.vdot(x[window], kernel)
            back[window] += y[i, j] * kernel
    return float(np.vdot(forward, y)), float(np.vdot(x, back))
