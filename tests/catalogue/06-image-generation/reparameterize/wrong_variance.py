"""Scales by the variance.

Written from: the task text.
"""

import keras


def reparameterize(mean, log_var, eps):
    return mean + keras.ops.exp(log_var) * eps
