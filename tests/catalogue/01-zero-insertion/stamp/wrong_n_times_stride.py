"""Allocates n * stride rows and columns, where the last stamp hangs over the edge.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros((height * stride, width * stride))
    for i, j in np.ndindex(height, width):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * kernel
    return output
