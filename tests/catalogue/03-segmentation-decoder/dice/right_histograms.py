"""Three histograms instead of a loop.

Written from: the task text.
"""

import numpy as np


def dice(y_true, y_pred, num_classes):
    def count(labels):
        return np.bincount(labels.ravel(), minlength=num_classes).astype("float64")

    areas = count(y_true) + count(y_pred)
    overlap = count(y_true[y_true == y_pred])
    return np.divide(2 * overlap, areas, out=np.full(num_classes, np.nan), where=areas > 0)
