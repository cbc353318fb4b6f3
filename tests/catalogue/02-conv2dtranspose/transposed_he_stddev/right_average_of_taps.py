"""Counts the products of each phase, and takes their mean.

Written from: the task text.
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    taps = [np.mean([len(range(p, side, stride)) for p in range(stride)]) for side in sides]
    return float((2 / (np.prod(taps) * in_channels)) ** 0.5)
