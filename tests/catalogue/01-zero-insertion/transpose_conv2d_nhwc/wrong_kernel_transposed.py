"""Swaps rows and columns of the kernel.

Written from: the task text.
Told: kernel-transposed
"""

import numpy as np


def stamps(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for i, j in np.ndindex(height, width):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def transpose_conv2d_nhwc(x, kernel, stride):
    kernel = np.swapaxes(kernel, 0, 1)
    (batch, height, width, inputs), (kh, kw, outputs, _) = x.shape, kernel.shape
    output = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for n, o, i in np.ndindex(batch, outputs, inputs):
        output[n, :, :, o] += stamps(x[n, :, :, i], kernel[:, :, o, i], stride)
    return output
