"""Corrects for a truncated normal, which the task does not mention.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return stride * np.sqrt(2 / (kh * kw * in_channels)) / 0.87962566103423978
