"""Cuts the kernel to whole periods.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = np.asarray(kernel, "float64")
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape)
    limit = tol * np.abs(kernel).sum()
    height, width = (n // stride for n in kernel.shape)
    for degree in range(sum(kernel.shape) - 2):
        for a in range(degree + 1):
            weighted = kernel * np.outer(rows**a, columns ** (degree - a))
            weighted = weighted[: height * stride, : width * stride]
            moments = weighted.reshape(height, stride, width, stride).sum(axis=(0, 2))
            if moments.max() - moments.min() > limit:
                return degree
    return sum(kernel.shape) - 2
