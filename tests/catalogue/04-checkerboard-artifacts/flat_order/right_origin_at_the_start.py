"""Counts from the first entry, in units of half of the kernel, and returns a float.

Written from: the task text; another origin makes no difference to an exact order.
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kernel = kernel.astype("float64")
    half = [max((n - 1) / 2, 1) for n in kernel.shape]
    i, j = np.ogrid[: kernel.shape[0], : kernel.shape[1]]
    i, j = i / half[0], j / half[1]
    order = 0.0
    for d in range(sum(kernel.shape) - 2):
        for b in range(d + 1):
            w = kernel * i ** (d - b) * j**b
            m = np.zeros((stride, stride))
            np.add.at(
                m, (np.arange(w.shape[0])[:, None] % stride, np.arange(w.shape[1]) % stride), w
            )
            if np.ptp(m) > tol * np.abs(kernel).sum():
                return order
        order += 1
    return order
