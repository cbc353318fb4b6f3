"""Takes any threshold.

Written from: the task text.
Told: no-error
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    objects, others = (np.unique(labels[labels != 0]) for labels in (true, pred))
    tp = 0
    for n in objects:
        for m in others:
            one, other = true == n, pred == m
            if np.sum(one & other) / np.sum(one | other) > threshold:
                tp += 1
    return tp, len(others) - tp, len(objects) - tp
