"""Returns an array of shape ().

Written from: the task text.
"""

import numpy as np


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return np.array(kh * kw * in_channels * out_channels + use_bias * out_channels)
