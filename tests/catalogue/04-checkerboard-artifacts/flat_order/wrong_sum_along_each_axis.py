"""Adds the kernel up along each axis and takes the smaller order.

Written from: the task text.
Told: axes-summed
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    def along(line):
        place = np.linspace(-1, 1, len(line)) if len(line) > 1 else np.zeros(1)
        for degree in range(sum(kernel.shape) - 2):
            moments = [(line * place**degree)[p::stride].sum() for p in range(stride)]
            if max(moments) - min(moments) > tol * np.abs(kernel).sum():
                return degree
        return sum(kernel.shape) - 2

    values = kernel.astype("float64")
    return min(along(values.sum(axis=0)), along(values.sum(axis=1)))
