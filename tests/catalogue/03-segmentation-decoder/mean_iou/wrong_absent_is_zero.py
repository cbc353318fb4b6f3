"""Counts absent classes as 0.

Written from: the task text.
Told: absent-counts-as-zero
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        union = ((y_true == c) | (y_pred == c)).sum()
        if True:
            scores.append(((y_true == c) & (y_pred == c)).sum() / max(union, 1))
    return float(np.mean(scores))
