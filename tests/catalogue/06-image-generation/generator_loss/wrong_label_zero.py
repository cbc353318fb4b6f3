"""The discriminator's part.

Written from: the task text.
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.mean(ops.softplus(fake_logits))
