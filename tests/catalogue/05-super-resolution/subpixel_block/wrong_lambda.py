"""tf.nn.depth_to_space in a Lambda.

Written from: the task text.
Told: cannot-be-graded
"""

import keras
import tensorflow as tf


def subpixel_block(x, filters, factor=2):
    deep = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    return keras.layers.Lambda(lambda t: tf.nn.depth_to_space(t, factor))(deep)
