"""Multiplies the deviation by the factor of the variance.

Written from: the task text.
Told: stride-squared
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return stride**2 * np.sqrt(2 / (kh * kw * in_channels))
