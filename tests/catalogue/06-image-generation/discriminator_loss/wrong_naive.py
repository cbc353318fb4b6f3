"""Overflows.

Written from: the task text.
Told: overflow
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    on_real = ops.mean(ops.log(1 + ops.exp(-real_logits)))
    return on_real + ops.mean(ops.log(1 + ops.exp(fake_logits)))
