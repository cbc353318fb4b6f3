"""Leaves out the background.

Written from: the task text.
Told: no-background
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(1, num_classes):
        union = ((y_true == c) | (y_pred == c)).sum()
        if union > 0:
            scores.append(((y_true == c) & (y_pred == c)).sum() / max(union, 1))
    return float(np.mean(scores)) if scores else 0.0
