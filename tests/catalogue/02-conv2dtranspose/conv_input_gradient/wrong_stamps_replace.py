"""Writes each stamp over the ones before it.

Written from: the task text.
Told: stamps-replace
"""

import numpy as np


def conv_input_gradient(kernel, upstream, stride):
    n, h, w, _ = upstream.shape
    kh, kw, inputs, _ = kernel.shape
    x = np.zeros((n, (h - 1) * stride + kh, (w - 1) * stride + kw, inputs))
    for i in range(h):
        for j in range(w):
            stamp = np.einsum("no,abco->nabc", upstream[:, i, j], kernel)
            x[:, i * stride : i * stride + kh, j * stride : j * stride + kw] = stamp
    return x
