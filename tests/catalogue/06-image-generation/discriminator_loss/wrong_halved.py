"""Halves the sum.

Written from: the task text.
Told: halved
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return (ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))) / 2
