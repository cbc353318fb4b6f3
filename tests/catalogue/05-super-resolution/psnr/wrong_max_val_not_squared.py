"""The error is squared, the largest value is not.

Written from: the task text.
Told: max-val-not-squared
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return 10 * np.log10(max_val / np.mean((a - b) ** 2, axis=(1, 2, 3)))
