"""Takes NumPy's triangular window, which ends at 0.

Written from: the task text.
Told: zero-ends
"""

import numpy as np


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    tent = np.bartlett(k)
    return (np.outer(tent, tent)[:, :, None, None] * np.eye(channels)).astype("float32")
