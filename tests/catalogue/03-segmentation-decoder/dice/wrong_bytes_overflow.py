"""Codes pairs of labels in the masks' own dtype, which may be too small.

Written from: the task text.
Told: overflow
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    codes = y_true.ravel() * np.array(num_classes, y_true.dtype) + y_pred.ravel()
    table = np.bincount(codes, minlength=num_classes**2)[: num_classes**2]
    table = table.reshape(num_classes, num_classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 2 * np.diag(table) / (table.sum(axis=0) + table.sum(axis=1))
