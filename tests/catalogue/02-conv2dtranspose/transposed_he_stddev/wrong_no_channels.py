"""Counts the products of one channel.

Written from: the task text.
Told: no-channels
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return np.sqrt(2 * stride**2 / (kh * kw))
