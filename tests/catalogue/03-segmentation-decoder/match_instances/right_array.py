"""Collects pixels in sets, and returns an array.

Written from: the task text.
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    def objects(labels):
        flat = labels.ravel()
        return [set(np.flatnonzero(flat == n).tolist()) for n in np.unique(flat) if n != 0]

    found, expected = objects(pred), objects(true)
    tp = sum(len(a & b) / len(a | b) > threshold for a in expected for b in found)
    return np.array([tp, len(found) - tp, len(expected) - tp])
