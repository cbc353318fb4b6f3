"""Swaps the channel axes of the kernel, as other frameworks store them.

Written from: the task text.
Told: channels-swapped
"""

import numpy as np


def conv_input_gradient(kernel, upstream, stride):
    kh, kw, inputs, outputs = kernel.shape
    n, h, w, _ = upstream.shape
    kernel = np.array(kernel).reshape(kh, kw, outputs, inputs)
    gradient = np.zeros((n, (h - 1) * stride + kh, (w - 1) * stride + kw, inputs))
    for i, j in np.ndindex(h, w):
        patch = np.einsum("no,aboi->nabi", upstream[:, i, j], kernel)
        gradient[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += patch
    return gradient
