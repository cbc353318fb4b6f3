"""Squares in the denominator, as in V-Net; TensorFlow's functions.

Written from: the task text.
"""

import tensorflow as tf


def dice_loss(y_true, y_pred):
    eps = 0.5
    overlap = tf.reduce_sum(y_true * y_pred)
    areas = tf.reduce_sum(tf.square(y_true)) + tf.reduce_sum(tf.square(y_pred))
    return 1.0 - (2.0 * overlap + eps) / (areas + eps)
