"""Returns precision and recall.

Written from: the task text.
Told: type, no cause
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    objects, others = (np.unique(labels[labels != 0]) for labels in (true, pred))
    pairs = [(true == n, pred == m) for n in objects for m in others]
    tp = sum(np.sum(a & b) / np.sum(a | b) > threshold for a, b in pairs)
    return tp / len(others), tp / len(objects)
