"""The limit of he_uniform, with the stride.

Written from: the task text.
Told: uniform-limit
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return float(np.sqrt(6 * stride**2 / (kh * kw * in_channels)))
