"""Returns a list of numbers.

Written from: the task text.
Told: returns-list
"""

from keras import ops


def kl_divergence(mean, log_var):
    parts = mean**2 + ops.exp(log_var) - 1 - log_var
    return [float(value) for value in ops.sum(parts, axis=1) / 2]
