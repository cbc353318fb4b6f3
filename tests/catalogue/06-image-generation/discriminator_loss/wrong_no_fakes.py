"""Looks at the real images only.

Written from: the task text.
Told: no-fakes
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits))
