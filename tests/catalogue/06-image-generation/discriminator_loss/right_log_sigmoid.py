"""Logarithms of sigmoids, in one stable function.

Written from: the task text.
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    fooled = -ops.log_sigmoid(-ops.convert_to_tensor(fake_logits))
    return ops.mean(fooled) - ops.mean(ops.log_sigmoid(ops.convert_to_tensor(real_logits)))
