"""Returns a word.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def is_flat(kernel, stride, tol=1e-6):
    sums = [kernel[p::stride, q::stride].sum() for p in range(stride) for q in range(stride)]
    return "flat" if np.ptp(sums) <= tol else ""
