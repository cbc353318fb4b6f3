"""Puts the zeros of an entry before it, so the result begins with zeros.

Written from: the task text.
Told: zeros-at-the-start
"""

import numpy as np


def insert_zeros(x, stride):
    height, width = x.shape
    result = np.zeros((height * stride, width * stride), x.dtype)
    result[stride - 1 :: stride, stride - 1 :: stride] = x
    return result
