"""Multiplies the shape of the kernel with `math.prod`.

Written from: the task text.
"""

import math


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    total = math.prod([kh, kw, out_channels, in_channels])
    if use_bias:
        total += out_channels
    return total
