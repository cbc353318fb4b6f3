"""Returns a tensor.

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def iou(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores[c] = np.sum(t & p) / np.sum(t | p)
    return tf.constant(scores)
