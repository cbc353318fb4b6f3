"""Keras' binary cross-entropy with the label 1.

Written from: the task text.
"""

import keras


def generator_loss(fake_logits):
    labels = keras.ops.ones_like(fake_logits)
    return keras.ops.mean(keras.losses.binary_crossentropy(labels, fake_logits, from_logits=True))
