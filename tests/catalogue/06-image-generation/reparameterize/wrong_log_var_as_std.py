"""Scales by log_var itself.

Written from: the task text.
Told: log-var-as-std
"""


def reparameterize(mean, log_var, eps):
    return mean + log_var * eps
