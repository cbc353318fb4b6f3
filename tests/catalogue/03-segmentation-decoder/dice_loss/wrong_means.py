"""Means in place of sums, and eps = 1.

Written from: the task text.
Told: means
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.mean(y_true * y_pred)
    return 1 - (2 * overlap + 1) / (ops.mean(y_true) + ops.mean(y_pred) + 1)
