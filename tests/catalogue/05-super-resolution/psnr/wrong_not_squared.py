"""Does not square the difference, which may be negative.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(all="ignore"):
        error = np.mean(np.array(a, float) - b, axis=(1, 2, 3))
        return 10 * np.log10(max_val**2 / error)
