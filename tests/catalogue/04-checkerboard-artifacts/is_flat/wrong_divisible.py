"""Applies the folk rule.

Written from: the task text.
Told: only-the-size
"""


def is_flat(kernel, stride, tol=1e-6):
    return kernel.shape[0] % stride == 0 and kernel.shape[1] % stride == 0
