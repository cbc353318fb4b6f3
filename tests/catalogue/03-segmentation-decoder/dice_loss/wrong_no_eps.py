"""Divides 0 by 0 for two empty masks.

Written from: the task text.
Told: zero-by-zero
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return 1 - 2 * overlap / areas
