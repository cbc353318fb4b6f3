"""A class that is nowhere scores 0.

Written from: the task text.
Told: absent-is-zero
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    scores = np.full(num_classes, 0.0)
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if t.any() or p.any():
            scores[c] = 2 * np.sum(t & p) / (np.sum(t) + np.sum(p))
    return scores
