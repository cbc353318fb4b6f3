"""Counts the products with a floor division along each axis.

Written from: the task text.
Told: whole-taps
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return np.sqrt(2 / ((kh // stride) * (kw // stride) * in_channels))
