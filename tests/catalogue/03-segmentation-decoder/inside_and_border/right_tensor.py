"""One object after the other, returned as a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def inside_and_border(instances):
    result = np.zeros(instances.shape, "uint8")
    for label in np.unique(instances):
        if label != 0:
            wide = np.pad(instances == label, 1, mode="edge")
            inside = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
            result[instances == label] = np.where(inside, 1, 2)[instances == label]
    return tf.constant(result)
