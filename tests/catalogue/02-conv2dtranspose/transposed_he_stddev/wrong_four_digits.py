"""Rounds the result to the four digits of the example.

Written from: the task text.
Told: result-rounded
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return round(float(stride * np.sqrt(2 / (kh * kw * in_channels))), 4)
