"""Does not square the mean.

Written from: the task text.
Told: not-squared
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(ops.abs(mean) + ops.exp(log_var) - 1 - log_var, axis=1) / 2
