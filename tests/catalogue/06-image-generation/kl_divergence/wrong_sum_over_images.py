"""Sums over the images.

Written from: the task text.
Told: summed-over-images
"""

from keras import ops


def kl_divergence(mean, log_var):
    return ops.sum(mean**2 + ops.exp(log_var) - 1 - log_var, axis=0) / 2
