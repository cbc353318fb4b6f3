"""Halves the loss, as if there were two batches.

Written from: the task text.
Told: halved
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.mean(ops.softplus(-fake_logits)) / 2
