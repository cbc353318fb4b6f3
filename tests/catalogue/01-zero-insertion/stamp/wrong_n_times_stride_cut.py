"""Allocates n * stride rows and columns and cuts off what hangs over the edge.

Written from: the task text.
Told: n-times-stride
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    output = np.zeros((height * stride, width * stride))
    for i, j in np.ndindex(height, width):
        window = output[i * stride : i * stride + kh, j * stride : j * stride + kw]
        rows, columns = window.shape
        window += x[i, j] * kernel[:rows, :columns]
    return output
