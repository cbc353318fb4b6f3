"""Divides the number of products by the stride instead of its square.

Written from: the task text.
Told: stride-once
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return np.sqrt(2 / (kh * kw * in_channels / stride))
