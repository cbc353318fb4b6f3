"""Adds the batches entry by entry, so they must be equally long.

Written from: the task text.
Told: raises-InvalidArgumentError, no cause
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits) + ops.softplus(fake_logits))
