"""Counts all overlaps at once in a table of label pairs.

Written from: the task text.
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    trues, i = np.unique(true, return_inverse=True)
    preds, j = np.unique(pred, return_inverse=True)
    table = np.zeros((len(trues), len(preds)), int)
    np.add.at(table, (i.ravel(), j.ravel()), 1)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    matches = (table / union > threshold)[trues != 0][:, preds != 0]
    tp = matches.sum()
    return tp, matches.shape[1] - tp, matches.shape[0] - tp
