"""Takes all numbers up to the largest label for objects.

Written from: the task text.
Told: gaps-count
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    tp = 0
    for n in range(1, true.max() + 1):
        for m in np.unique(pred[true == n]):
            one, other = true == n, pred == m
            if m != 0 and np.sum(one & other) / np.sum(one | other) > threshold:
                tp += 1
    return tp, pred.max() - tp, true.max() - tp
