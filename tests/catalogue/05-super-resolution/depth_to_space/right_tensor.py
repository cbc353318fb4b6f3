"""Leaves it to TensorFlow and returns its tensor.

Written from: the task text.
"""

import tensorflow as tf


def depth_to_space(x, factor):
    return tf.constant(x) if factor == 1 else tf.nn.depth_to_space(x, factor)
