"""Takes the 2 and the stride out of the root as they are.

Written from: the task text.
Told: two-outside
"""

import numpy as np


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return float(2 * stride / np.sqrt(kh * kw * in_channels))
