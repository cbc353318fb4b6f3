"""The larger of x and 0, and a logarithm that stays small.

Written from: the task text.
"""

import tensorflow as tf


def softplus(x):
    x = tf.convert_to_tensor(x)
    return tf.nn.relu(x) + tf.math.log1p(tf.exp(-tf.abs(x)))


def discriminator_loss(real_logits, fake_logits):
    return tf.reduce_mean(softplus(-real_logits)) + tf.reduce_mean(softplus(fake_logits))
