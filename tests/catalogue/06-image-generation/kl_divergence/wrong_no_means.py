"""Leaves the means out.

Written from: the task text.
Told: no-means
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(ops.exp(log_var) - 1 - log_var, axis=1) / 2
