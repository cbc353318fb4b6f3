"""Returns a function that would do it.

Written from: the task text.
Told: returns-function
"""

import numpy as np


def insert_zeros(x, stride):
    def spread():
        result = np.zeros([(n - 1) * stride + 1 for n in x.shape], x.dtype)
        result[::stride, ::stride] = x
        return result

    return spread
