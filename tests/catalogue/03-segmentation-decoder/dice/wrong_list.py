"""Collects the scores in a list.

Written from: the task text.
Told: returns-list
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        both = t.sum() + p.sum()
        scores.append(2 * np.sum(t & p) / both if both else np.nan)
    return scores
