"""Takes exclusive or for the union.

Written from: the task text.
Told: xor
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        union = np.sum((y_true == c) ^ (y_pred == c))
        if union > 0:
            scores[c] = np.sum((y_true == c) & (y_pred == c)) / union
    return scores
