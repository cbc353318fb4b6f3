"""Rewards fakes that look real.

Written from: the task text.
Told: fakes-rewarded
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(-fake_logits))
