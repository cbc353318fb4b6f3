"""Looks at the fakes only.

Written from: the task text.
Told: no-real-images
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(fake_logits))
