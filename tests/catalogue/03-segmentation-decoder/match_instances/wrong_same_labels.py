"""Compares objects that have the same number.

Written from: the task text.
Told: same-labels
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    objects, others = (np.unique(labels[labels != 0]) for labels in (true, pred))
    tp = 0
    for n in objects:
        union = np.sum((true == n) | (pred == n))
        tp += int(np.sum((true == n) & (pred == n)) / union > threshold)
    return tp, len(others) - tp, len(objects) - tp
