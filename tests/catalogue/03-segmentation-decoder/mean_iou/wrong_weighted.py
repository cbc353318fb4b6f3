"""Weights each class by its true pixels.

Written from: the task text.
Told: weighted
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    scores = iou(y_true, y_pred, num_classes)  # noqa: F821 (exercise 1)
    shares = [np.mean(y_true == c) for c in range(num_classes)]
    return float(np.nansum(scores * shares))
