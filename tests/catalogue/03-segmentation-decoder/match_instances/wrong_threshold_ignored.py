"""One half whatever the threshold.

Written from: the task text.
Told: threshold-ignored
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")
    objects, others = (np.unique(labels[labels != 0]) for labels in (true, pred))
    tp = 0
    for n in objects:
        for m in others:
            one, other = true == n, pred == m
            if np.sum(one & other) / np.sum(one | other) > 0.5:
                tp += 1
    return tp, len(others) - tp, len(objects) - tp
