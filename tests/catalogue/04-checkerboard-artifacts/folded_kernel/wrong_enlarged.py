"""Enlarges the kernel.

Written from: the task text.
Told: enlarged
"""

import numpy as np


def folded_kernel(kernel, factor):
    return np.kron(kernel[::-1, ::-1], np.ones((factor, factor)))
