"""The formula of He and colleagues, times the stride.

Written from: the task text.
"""

import math


def transposed_he_stddev(kernel_size, stride, in_channels):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    return stride * math.sqrt(2.0 / (kh * kw * in_channels))
