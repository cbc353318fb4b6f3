"""One IoU for all objects.

Written from: the task text.
Told: whole-image
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    union = np.sum((true > 0) | (pred > 0))
    good = union > 0 and np.sum((true > 0) & (pred > 0)) / union > threshold
    return int(good), int(not good), int(not good)
