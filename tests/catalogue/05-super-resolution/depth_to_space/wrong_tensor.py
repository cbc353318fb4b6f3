"""Leaves it to TensorFlow, whose tensors are not arrays.

Written from: the task text.
Told: tensor
"""

import tensorflow as tf


def depth_to_space(x, factor):
    return tf.nn.depth_to_space(x, factor)
