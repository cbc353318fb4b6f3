"""A class that is nowhere counts as 1.

Written from: the task text.
Told: absent-counts-as-one
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        scores.append((t & p).sum() / (t | p).sum() if (t | p).any() else 1.0)
    return float(np.mean(scores))
