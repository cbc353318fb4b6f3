"""The logarithm of a sigmoid that is rounded to 0.

Written from: the task text.
Told: overflow
"""

from keras import ops


def generator_loss(fake_logits):
    return -ops.mean(ops.log(ops.sigmoid(fake_logits)))
