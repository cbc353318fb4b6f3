"""Multiplies by the product of the sides, of which an int has only one.

Written from: the task text.
Told: side-not-squared
"""

import numpy as np


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kernel = np.prod(kernel_size) * in_channels * out_channels
    return int(kernel) + (out_channels if use_bias else 0)
