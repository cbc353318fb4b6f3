"""Returns after the first window.

Written from: the task text.
Told: first-pass
"""

import numpy as np


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    result = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(result.shape):
        result[i, j] = np.sum(x[i : i + kh, j : j + kw] * kernel)
        return result
