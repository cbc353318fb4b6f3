"""Leaves the noise out.

Written from: the task text.
Told: no-noise
"""

from keras import ops


def reparameterize(mean, log_var, eps):
    return mean + ops.exp(log_var / 2)
