"""Returns a number for each latent entry.

Written from: the task text.
Told: number-for-each-entry
"""

from keras import ops


def kl_divergence(mean, log_var):
    return (mean**2 + ops.exp(log_var) - 1 - log_var) / 2
