"""Sends the logits through a sigmoid first.

Written from: the task text.
Told: sigmoid-first
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.mean(ops.softplus(-ops.sigmoid(fake_logits)))
