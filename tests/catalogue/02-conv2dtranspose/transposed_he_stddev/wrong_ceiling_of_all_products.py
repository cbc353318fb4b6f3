"""Rounds the number of products up, as no part of a product can arrive.

Written from: the task text.
Told: whole-products
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return float(np.sqrt(2 / np.ceil(kh * kw * in_channels / stride**2)))
