"""Adds the noise as it is.

Written from: the task text.
Told: log-var-unused
"""


def reparameterize(mean, log_var, eps):
    return mean + eps
