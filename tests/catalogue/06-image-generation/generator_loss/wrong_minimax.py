"""The minimax loss.

Written from: the task text.
Told: minimax
"""

from keras import ops


def generator_loss(fake_logits):
    return -ops.mean(ops.softplus(fake_logits))
