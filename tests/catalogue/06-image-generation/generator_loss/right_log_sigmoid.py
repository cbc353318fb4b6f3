"""Minus the mean logarithm of the sigmoid.

Written from: the task text.
"""

from keras import ops


def generator_loss(fake_logits):
    return -ops.mean(ops.log_sigmoid(fake_logits))
