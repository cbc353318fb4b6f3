"""Returns a tensor of shape ().

Written from: the task text.
"""

import numpy as np
import tensorflow as tf


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores.append(np.sum(t & p) / np.sum(t | p))
    return tf.constant(np.mean(scores))
