"""Minus the mean logit.

Written from: the task text.
Told: plain-logits
"""

from keras import ops


def generator_loss(fake_logits):
    return -ops.mean(fake_logits)
