"""Swaps real and fake.

Written from: the task text.
Told: labels-swapped
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(real_logits)) + ops.mean(ops.softplus(-fake_logits))
