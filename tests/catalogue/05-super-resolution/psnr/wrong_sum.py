"""Sums the squared differences.

Written from: the task text.
Told: summed-error
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    error = np.sum((a - b) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return 10 * np.log10(max_val**2 / error)
