"""Stamps into a frame that is large enough for both cases, then slices once.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d_same(x, kernel, stride):
    kh, kw = kernel.shape
    crop_h, crop_w = max(kh - stride, 0), max(kw - stride, 0)
    rows, columns = x.shape[0] * stride, x.shape[1] * stride
    frame = np.zeros((rows + crop_h, columns + crop_w))
    for (i, j), value in np.ndenumerate(x):
        frame[i * stride : i * stride + kh, j * stride : j * stride + kw] += value * kernel
    return frame[crop_h // 2 :, crop_w // 2 :][:rows, :columns]
