"""Turns the sign.

Written from: the task text.
Told: sign-turned
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return -ops.mean(ops.softplus(-real_logits)) - ops.mean(ops.softplus(fake_logits))
