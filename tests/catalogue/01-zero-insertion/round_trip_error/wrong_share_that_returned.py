"""Returns the share that came back instead of what is missing.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def round_trip_error(x, kernel, stride):
    kh, kw = kernel.shape
    h, w = (x.shape[0] - kh) // stride + 1, (x.shape[1] - kw) // stride + 1
    z = np.zeros(x.shape)
    for i, j in np.ndindex(h, w):
        window = np.s_[i * stride : i * stride + kh, j * stride : j * stride + kw]
        z[window] += np.sum(x[window] * kernel) * kernel
    if not z.any():
        return 1.0
    a = np.sum(x * z) / np.sum(z * z)
    return float(np.linalg.norm(a * z) / np.linalg.norm(x))
