"""Swaps rows and columns of the images.

Written from: the task text.
Told: images-transposed
"""

import numpy as np


def stamps(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for i, j in np.ndindex(height, width):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output


def transpose_conv2d_nhwc(x, kernel, stride):
    x = x.transpose(0, 2, 1, 3)
    (batch, height, width, inputs), (kh, kw, outputs, _) = x.shape, kernel.shape
    output = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for n, o, i in np.ndindex(batch, outputs, inputs):
        output[n, :, :, o] += stamps(x[n, :, :, i], kernel[:, :, o, i], stride)
    return output
