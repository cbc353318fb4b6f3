"""Squares the first side of a pair.

Written from: the task text.
Told: square-kernel
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    k = kernel_size if isinstance(kernel_size, int) else kernel_size[0]
    return stride * np.sqrt(2 / (k**2 * in_channels))
