"""The share of right pixels.

Written from: the task text.
Told: right-pixels
"""

import numpy as np


def mean_iou(y_true, y_pred, num_classes):
    return float(np.mean(y_true == y_pred))
