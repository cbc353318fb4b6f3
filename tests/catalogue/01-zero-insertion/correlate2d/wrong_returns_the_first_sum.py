"""Returns the sum of the first window.

Written from: the task text.
Told: first-pass
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    for i in range(x.shape[0] - kh + 1):
        for j in range(x.shape[1] - kw + 1):
            return np.sum(x[i : i + kh, j : j + kw] * kernel)
