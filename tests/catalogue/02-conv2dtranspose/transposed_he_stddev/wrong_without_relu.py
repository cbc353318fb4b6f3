"""Keeps the variance of a linear network.

Written from: the task text.
Told: no-relu
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return stride * np.sqrt(1 / (kh * kw * in_channels))
