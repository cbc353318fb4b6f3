"""Leaves the mean out.

Written from: the task text.
Told: no-mean
"""

from keras import ops


def reparameterize(mean, log_var, eps):
    return ops.exp(log_var / 2) * eps
