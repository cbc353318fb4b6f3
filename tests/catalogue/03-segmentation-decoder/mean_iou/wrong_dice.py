"""Averages Dice scores.

Written from: the task text.
Told: dice
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        t, p = y_true == c, y_pred == c
        if (t | p).any():
            scores.append(2 * (t & p).sum() / (t.sum() + p.sum()))
    return float(np.mean(scores))
