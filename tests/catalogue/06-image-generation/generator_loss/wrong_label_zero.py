"""The discriminator's part.

Written from: the task text.
Told: rewards-being-caught
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.mean(ops.softplus(fake_logits))
