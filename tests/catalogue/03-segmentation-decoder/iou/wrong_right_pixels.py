"""The share of right pixels of each class.

Written from: the task text.
Told: right-pixels
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores[c] = np.mean(t == p)
    return scores
