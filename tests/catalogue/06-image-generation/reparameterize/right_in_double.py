"""Converts to tensors first, step by step.

Written from: the task text.
"""

from keras import ops


def reparameterize(mean, log_var, eps):
    mean, log_var, eps = (ops.convert_to_tensor(a) for a in (mean, log_var, eps))
    half = ops.multiply(log_var, 0.5)
    noise = ops.exp(half) * eps
    return ops.add(mean, noise)
