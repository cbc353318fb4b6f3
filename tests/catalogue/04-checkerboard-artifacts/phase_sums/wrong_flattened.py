"""Takes phases of the flattened kernel.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def phase_sums(kernel, stride):
    flat = kernel.ravel()
    count = stride * stride
    return np.array([flat[p::count].sum() for p in range(count)]).reshape(stride, stride)
