"""Counts all pairs of labels at once.

Written from: the task text.
"""

import numpy as np


def iou(y_true, y_pred, num_classes):
    codes = y_true.astype(np.int64).ravel() * num_classes + y_pred.astype(np.int64).ravel()
    table = np.bincount(codes, minlength=num_classes**2).reshape(num_classes, num_classes)
    overlap = np.diag(table)
    union = table.sum(axis=0) + table.sum(axis=1) - overlap
    with np.errstate(invalid="ignore", divide="ignore"):
        return overlap / union
