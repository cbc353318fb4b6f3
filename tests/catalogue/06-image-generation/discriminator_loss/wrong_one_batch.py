"""Throws both batches together.

Written from: the task text.
Told: one-batch
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    both = ops.concatenate([-ops.convert_to_tensor(real_logits), fake_logits], axis=0)
    return 2 * ops.mean(ops.softplus(both))
