"""Divides log_var by 4.

Written from: the task text.
Told: too-many-halves
"""

from keras import ops


def reparameterize(mean, log_var, eps):
    return mean + ops.exp(log_var / 4) * eps
