"""Turns the fraction over.

Written from: the task text.
Told: sign-turned
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    error = np.mean((a - b) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return 10 * np.log10(error / max_val**2)
