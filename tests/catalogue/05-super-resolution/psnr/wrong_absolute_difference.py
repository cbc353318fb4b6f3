"""Averages absolute differences.

Written from: the task text.
Told: absolute-error
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    error = np.mean(np.abs(a - b), axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return 20 * np.log10(max_val / error)
