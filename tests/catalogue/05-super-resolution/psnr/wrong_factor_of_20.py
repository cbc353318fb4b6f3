"""Uses the factor of an amplitude for a squared error.

Written from: the task text.
Told: factor-20
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    error = np.mean((a - b) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return 20 * np.log10(max_val**2 / error)
