"""Takes log_var for the variance.

Written from: the task text.
Told: values, no cause
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(mean**2 + log_var - 1 - ops.log(ops.abs(log_var) + 1e-9), axis=1) / 2
