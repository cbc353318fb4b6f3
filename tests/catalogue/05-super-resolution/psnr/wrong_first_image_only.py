"""Returns the first image's number.

Written from: the task text.
Told: first-only
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(all="ignore"):
        error = np.mean((np.array(a, float) - b) ** 2, axis=(1, 2, 3))
        return (10 * np.log10(max_val**2 / error))[:1]
