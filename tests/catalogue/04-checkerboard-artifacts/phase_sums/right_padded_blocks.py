"""Pads to whole periods and reshapes.

Written from: the task text.
"""

import numpy as np


def phase_sums(kernel, stride):
    rows, columns = (-n % stride for n in kernel.shape)
    padded = np.pad(kernel, ((0, rows), (0, columns)))
    high, wide = (n // stride for n in padded.shape)
    return padded.reshape(high, stride, wide, stride).sum(axis=(0, 2))
