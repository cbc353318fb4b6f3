"""Leaves out classes that only y_pred holds.

Written from: the task text.
Told: only-true-classes
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        union = ((y_true == c) | (y_pred == c)).sum()
        if np.any(y_true == c):
            scores.append(((y_true == c) & (y_pred == c)).sum() / max(union, 1))
    return float(np.mean(scores))
