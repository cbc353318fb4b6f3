"""Sets of pixel numbers, as in the definition.

Written from: the task text.
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    scores = []
    for c in range(num_classes):
        there = set(np.flatnonzero(y_true == c))
        answered = set(np.flatnonzero(y_pred == c))
        both = there | answered
        scores.append(len(there & answered) / len(both) if both else float("nan"))
    return np.array(scores)
