"""Computes the IoU and converts it.

Written from: the task text.
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        union = np.logical_or(y_true == c, y_pred == c).sum()
        if union:
            share = np.logical_and(y_true == c, y_pred == c).sum() / union
            scores[c] = 2 * share / (1 + share)
    return scores
