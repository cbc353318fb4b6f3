"""The square root of the variance; TensorFlow functions.

Written from: the task text.
"""

import tensorflow as tf


def reparameterize(mean, log_var, eps):
    std = tf.sqrt(tf.exp(log_var))
    return tf.add(mean, tf.multiply(std, eps))
