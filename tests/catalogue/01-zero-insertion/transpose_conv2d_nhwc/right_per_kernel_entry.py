"""One matrix product for each kernel entry, added to a strided slice.

Written from: the task text.
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    n, height, width, _ = x.shape
    kh, kw, outputs, _ = kernel.shape
    rows, columns = (height - 1) * stride, (width - 1) * stride
    result = np.zeros((n, rows + kh, columns + kw, outputs))
    for a, b in np.ndindex(kh, kw):
        result[:, a : a + rows + 1 : stride, b : b + columns + 1 : stride] += x @ kernel[a, b].T
    return result
