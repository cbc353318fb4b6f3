"""Loops over every entry and sorts it into its phase.

Written from: the task text.
"""

import numpy as np


def flat_order(kernel, stride, tol=1e-6):
    kh, kw = kernel.shape
    total = float(np.sum(np.abs(kernel), dtype="float64"))

    def scaled(index, length):
        return 2 * index / (length - 1) - 1 if length > 1 else 0.0

    m = 0
    while m < kh + kw - 2:
        for a in range(m + 1):
            b = m - a
            sums = [[0.0] * stride for _ in range(stride)]
            for i in range(kh):
                for j in range(kw):
                    weight = scaled(i, kh) ** a * scaled(j, kw) ** b
                    sums[i % stride][j % stride] += weight * float(kernel[i, j])
            flat = [s for row in sums for s in row]
            if max(flat) - min(flat) > tol * total:
                return m
        m += 1
    return m
