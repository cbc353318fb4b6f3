"""Sends the logits through a sigmoid first.

Written from: the task text.
Told: sigmoid-first
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    real, fake = ops.sigmoid(real_logits), ops.sigmoid(fake_logits)
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
