"""Takes the largest pixel of the image for the largest possible one.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return 10 * np.log10(a.max() ** 2 / np.mean((a - b) ** 2, axis=(1, 2, 3)))
