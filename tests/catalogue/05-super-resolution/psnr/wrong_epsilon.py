"""A small number keeps the logarithm finite: equal images get 100 dB.

Written from: the solution.
Told: values, no cause
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    return 10 * np.log10(max_val**2 / (np.mean((a - b) ** 2, axis=(1, 2, 3)) + 1e-10))
