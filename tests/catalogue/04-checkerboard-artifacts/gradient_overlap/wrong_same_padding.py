"""Differentiates a padded convolution.

Written from: the task text.
Told: same-padding
"""

import tensorflow as tf


def gradient_overlap(n, kernel_size, stride):
    x = tf.Variable(tf.ones((1, n, n, 1)))
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, tf.ones((kernel_size, kernel_size, 1, 1)), stride, "SAME")
        total = tf.reduce_sum(y)
    return tape.gradient(total, x).numpy()[0, :, :, 0]
