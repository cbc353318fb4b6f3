"""One error for the whole batch.

Written from: the task text.
Told: shared-error
"""

import numpy as np


def psnr(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return 10 * np.log10(max_val**2 / np.mean((a - b) ** 2))
