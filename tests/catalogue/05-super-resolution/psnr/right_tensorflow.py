"""TensorFlow has the function: a value is what is asked for.

Written from: the solution.
"""

import tensorflow as tf


def psnr(a, b, max_val=1.0):
    return tf.image.psnr(a, b, max_val).numpy()
