"""The form of the paper, with a minus sign.

Written from: the task text.
"""

from keras import ops


def kl_divergence(mean, log_var):
    return -0.5 * ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=-1)
