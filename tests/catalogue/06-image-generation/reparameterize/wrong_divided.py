"""Divides the noise by the standard deviation.

Written from: the task text.
Told: divided
"""

from keras import ops


def reparameterize(mean, log_var, eps):
    return mean + eps / ops.exp(log_var / 2)
