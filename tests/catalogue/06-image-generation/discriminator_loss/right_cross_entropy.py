"""Keras' binary cross-entropy from logits.

Written from: the task text.
"""

import keras


def discriminator_loss(real_logits, fake_logits):
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_part = entropy(keras.ops.ones_like(real_logits), real_logits)
    fake_part = entropy(keras.ops.zeros_like(fake_logits), fake_logits)
    return real_part + fake_part
