"""Forgets the 2, so a perfect answer scores one half.

Written from: the task text.
Told: two-forgotten
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores[c] = np.sum(t & p) / (np.sum(t) + np.sum(p))
    return scores
