"""Forgets that the kernel size may be a pair.

Written from: the task text.
Told: raises-TypeError, no cause
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    return stride * np.sqrt(2 / (kernel_size**2 * in_channels))
