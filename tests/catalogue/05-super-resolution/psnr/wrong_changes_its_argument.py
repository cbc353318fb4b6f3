"""Saves memory at the caller's expense.

Written from: the task text.
Told: changes-argument
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    a -= b
    a **= 2
    with np.errstate(divide="ignore"):
        return 10 * np.log10(max_val**2 / a.mean(axis=(1, 2, 3)))
