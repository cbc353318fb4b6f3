"""Overflows.

Written from: the task text.
Told: overflow
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.mean(ops.log(1 + ops.exp(-fake_logits)))
