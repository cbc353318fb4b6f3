"""Returns a list.

Written from: the task text.
Told: returns-list
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores[c] = np.sum(t & p) / np.sum(t | p)
    return list(scores)
