"""One loss for each fake.

Written from: the task text.
Told: returns-array
"""

from keras import ops


def generator_loss(fake_logits):
    return ops.softplus(-fake_logits)
