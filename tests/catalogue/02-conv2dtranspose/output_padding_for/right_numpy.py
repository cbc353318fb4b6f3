"""NumPy rounds, and the answer is one of its integers.

Written from: the task text.
"""

import numpy as np


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid":
        if kernel_size > n:
            raise ValueError("kernel_size is larger than n")
        small = np.floor((n - kernel_size) / stride) + 1
        default, stamps = (small - 1) * stride + max(kernel_size, stride), kernel_size
    else:
        small = np.ceil(n / stride)
        default, stamps = small * stride, kernel_size % 2
    if default == n:
        return None
    return np.int64(n - (small - 1) * stride - stamps)
