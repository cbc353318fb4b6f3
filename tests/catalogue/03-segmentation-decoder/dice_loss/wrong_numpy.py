"""Computes in NumPy: no gradient.

Written from: the task text.
Told: no-slope
"""

import numpy as np


def dice_loss(y_true, y_pred):
    t, p = np.asarray(y_true), np.asarray(y_pred)
    return 1 - (2 * np.sum(t * p) + 1) / (np.sum(t) + np.sum(p) + 1)
