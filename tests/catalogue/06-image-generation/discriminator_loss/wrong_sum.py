"""Sums instead of averaging.

Written from: the task text.
Told: summed
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.sum(ops.softplus(-real_logits)) + ops.sum(ops.softplus(fake_logits))
