"""Adds up all intersections and all unions before dividing.

Written from: the task text.
Told: pooled-classes
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    both = either = 0
    for c in range(num_classes):
        both += np.sum((y_true == c) & (y_pred == c))
        either += np.sum((y_true == c) | (y_pred == c))
    return float(both / either)
