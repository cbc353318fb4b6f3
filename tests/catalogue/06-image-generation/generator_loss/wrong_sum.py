"""Sums up the logits.

Written from: the task text.
Told: summed
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.sum(ops.softplus(-fake_logits))
