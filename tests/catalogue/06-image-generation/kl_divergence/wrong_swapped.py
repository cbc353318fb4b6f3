"""The divergence the other way round.

Written from: the task text.
Told: swapped
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(log_var + (1 + mean**2) / ops.exp(log_var) - 1, axis=1) / 2
