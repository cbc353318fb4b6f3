"""Counts the products of the pixel that receives most.

Written from: the task text.
Told: whole-taps
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    taps = np.ceil(kh / stride) * np.ceil(kw / stride)
    return np.sqrt(2 / (taps * in_channels))
