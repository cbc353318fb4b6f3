"""0 is among the labels.

Written from: the task text.
Told: background-counts
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")
    objects, others = np.unique(true), np.unique(pred)
    tp = 0
    for n in objects:
        for m in others:
            one, other = true == n, pred == m
            if np.sum(one & other) / np.sum(one | other) > threshold:
                tp += 1
    return tp, len(others) - tp, len(objects) - tp
