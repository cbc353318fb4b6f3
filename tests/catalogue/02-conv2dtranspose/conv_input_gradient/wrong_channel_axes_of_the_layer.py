"""Reads the kernel as that of a transposed layer: (out, in) last.

Written from: the task text.
Told: channels-swapped
"""

import numpy as np


def conv_input_gradient(kernel, upstream, stride):
    (kh, kw), (n, h, w, _) = kernel.shape[:2], upstream.shape
    gradient = np.zeros((n, (h - 1) * stride + kh, (w - 1) * stride + kw, kernel.shape[3]))
    for i, j in np.ndindex(h, w):
        patch = np.einsum("ni,abio->nabo", upstream[:, i, j], kernel)
        gradient[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return gradient
