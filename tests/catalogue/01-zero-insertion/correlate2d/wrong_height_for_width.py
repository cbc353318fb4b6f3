"""Takes the kernel's height for its width, too.

Written from: the task text.
Told: square-only
"""

import numpy as np


def correlate2d(x, kernel):
    k = kernel.shape[0]
    result = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1))
    for i, j in np.ndindex(result.shape):
        window = x[i : i + k, j : j + k]
        result[i, j] = np.sum(window * np.resize(kernel, window.shape))
    return result
