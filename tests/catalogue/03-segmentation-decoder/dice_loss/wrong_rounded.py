"""Rounds the probabilities: no gradient.

Written from: the task text.
Told: no-slope
"""

from keras import ops


def dice_loss(y_true, y_pred):
    y_pred = ops.round(y_pred)
    overlap = ops.sum(y_true * y_pred)
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return 1 - (2 * overlap + 1) / (areas + 1)
