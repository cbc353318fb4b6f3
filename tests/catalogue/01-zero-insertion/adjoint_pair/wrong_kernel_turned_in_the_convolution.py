"""Turns the kernel in the convolution, as mathematicians do.

Written from: the task text.
Told: turned-in-the-convolution
"""

import numpy as np


def adjoint_pair(kernel, x, y, stride):
    (kh, kw), (h, w) = kernel.shape, y.shape
    if x.shape != ((h - 1) * stride + kh, (w - 1) * stride + kw):
        raise ValueError("x does not fit y")
    turned = kernel[::-1, ::-1]
    forward, back = np.zeros((h, w)), np.zeros(x.shape)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        forward[i, j] = np.sum(x[window] * turned)
        back[window] += y[i, j] * kernel
    return float(np.sum(forward * y)), float(np.sum(x * back))
