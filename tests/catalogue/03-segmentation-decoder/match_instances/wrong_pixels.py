"""Counts pixels.

Written from: the task text.
Told: pixels
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    tp = np.sum((true > 0) & (pred > 0))
    return tp, np.sum((true == 0) & (pred > 0)), np.sum((true > 0) & (pred == 0))
