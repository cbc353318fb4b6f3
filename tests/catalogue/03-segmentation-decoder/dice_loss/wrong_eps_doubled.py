"""Multiplies eps by 2, too.

Written from: the task text.
Told: eps-doubled
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    return 1 - 2 * (overlap + 1e-6) / (ops.sum(y_true) + ops.sum(y_pred) + 1e-6)
