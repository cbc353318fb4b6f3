"""Returns a loss for each image.

Written from: the task text.
Told: returns-array
"""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    return ops.softplus(-real_logits) + ops.softplus(fake_logits)
