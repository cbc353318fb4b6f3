"""Leaves the constant out.

Written from: the task text.
Told: no-constant
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(mean**2 + ops.exp(log_var) - log_var, axis=1) / 2
