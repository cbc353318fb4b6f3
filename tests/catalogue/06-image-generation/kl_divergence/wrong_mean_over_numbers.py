"""Averages over the latent numbers.

Written from: the task text.
Told: mean-over-entries
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.mean(mean**2 + ops.exp(log_var) - 1 - log_var, axis=1) / 2
