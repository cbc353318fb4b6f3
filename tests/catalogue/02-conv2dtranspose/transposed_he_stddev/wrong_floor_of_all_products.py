"""Divides by the stride's square without a remainder.

Written from: the task text.
Told: whole-products
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return float(np.sqrt(2 / (kh * kw * in_channels // stride**2)))
