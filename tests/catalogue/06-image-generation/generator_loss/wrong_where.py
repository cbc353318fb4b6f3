"""Guards the value, but not the gradient.

Written from: the hidden tests.
Told: slope-not-finite
"""

from keras import ops


def generator_loss(fake_logits):
    x = ops.convert_to_tensor(fake_logits)
    return ops.mean(ops.where(x < -50, -x, ops.log1p(ops.exp(-x))))
