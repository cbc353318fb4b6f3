"""Infinity minus infinity: equal images give nan.

Written from: the solution.
Told: nan
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    error = np.mean((a - b) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 10 * np.log10(max_val**2 * error / error**2)
