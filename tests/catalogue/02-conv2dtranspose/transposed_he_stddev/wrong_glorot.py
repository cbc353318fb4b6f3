"""Glorot with as many output channels as input channels, and the stride.

Written from: the task text.
Told: no-relu
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return stride * np.sqrt(2 / (kh * kw * (in_channels + in_channels)))
