"""Projects window by window onto the kernels, all of them at once.

Written from: the task text.
"""

import numpy as np


def round_trip(x, kernels, stride):
    back = np.zeros(x.shape)
    _, kh, kw = kernels.shape
    for i in range(0, x.shape[0] - kh + 1, stride):
        for j in range(0, x.shape[1] - kw + 1, stride):
            seen = np.tensordot(kernels, x[i : i + kh, j : j + kw], 2)
            back[i : i + kh, j : j + kw] += np.tensordot(seen, kernels, 1)
    return back
