"""TensorFlow, the terms one after the other.

Written from: the task text.
"""

import tensorflow as tf


def kl_divergence(mean, log_var):
    total = tf.reduce_sum(tf.square(mean), axis=1)
    total += tf.reduce_sum(tf.exp(log_var), axis=1)
    total -= tf.reduce_sum(log_var, axis=1)
    return 0.5 * (total - mean.shape[1])
