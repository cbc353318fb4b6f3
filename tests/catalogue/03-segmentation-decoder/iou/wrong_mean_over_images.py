"""Scores each image of a batch alone.

Written from: the task text.
Told: mean-over-images
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    def one(first, second):
        scores = np.full(num_classes, np.nan)
        for c in range(num_classes):
            t, p = first == c, second == c
            if t.any() or p.any():
                scores[c] = np.sum(t & p) / np.sum(t | p)
        return scores

    if y_true.ndim < 3:
        return one(y_true, y_pred)
    return np.nanmean([one(a, b) for a, b in zip(y_true, y_pred, strict=True)], axis=0)
