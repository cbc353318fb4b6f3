"""Takes the Kronecker product with a stamp of one 1, then cuts off the last zeros.

Written from: the task text.
"""

import numpy as np


def insert_zeros(x, stride):
    corner = np.zeros((stride, stride), x.dtype)
    corner[0, 0] = 1
    height, width = x.shape
    return np.kron(x, corner)[: (height - 1) * stride + 1, : (width - 1) * stride + 1].copy()
