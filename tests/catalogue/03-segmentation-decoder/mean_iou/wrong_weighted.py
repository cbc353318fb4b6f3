"""Weights each class by its true pixels.

Written from: the task text.
Told: weighted
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    mean = 0.0
    for c in range(num_classes):
        union = np.sum((y_true == c) | (y_pred == c))
        if union > 0:
            score = np.sum((y_true == c) & (y_pred == c)) / union
            mean += score * np.mean(y_true == c)
    return float(mean)
