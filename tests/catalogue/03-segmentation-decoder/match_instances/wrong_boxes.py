"""IoU of the boxes around the objects.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    def boxes(labels):
        found = []
        for n in np.unique(labels[labels != 0]):
            rows, columns = np.nonzero(labels == n)
            box = np.zeros(labels.shape, bool)
            box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
            found.append(box)
        return found

    objects, others = boxes(true), boxes(pred)
    tp = sum(np.sum(a & b) / np.sum(a | b) > threshold for a in objects for b in others)
    return int(tp), len(others) - int(tp), len(objects) - int(tp)
