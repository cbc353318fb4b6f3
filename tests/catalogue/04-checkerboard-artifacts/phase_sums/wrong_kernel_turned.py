"""Turns the kernel first.

Written from: the task text.
Told: kernel-turned
"""

import numpy as np


def phase_sums(kernel, stride):
    kernel = kernel[::-1, ::-1]
    return np.array(
        [[kernel[p::stride, q::stride].sum() for q in range(stride)] for p in range(stride)]
    )
