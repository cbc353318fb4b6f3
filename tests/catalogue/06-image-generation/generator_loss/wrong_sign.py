"""Turns the sign.

Written from: the task text.
Told: sign-turned
"""

from keras import ops


def generator_loss(fake_logits):
    return -ops.mean(ops.softplus(-fake_logits))
