"""Sums over the last axis only.

Written from: the task text.
Told: pixel-by-pixel
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred, axis=-1)
    areas = ops.sum(y_true, axis=-1) + ops.sum(y_pred, axis=-1)
    return ops.mean(1 - (2 * overlap + 1e-6) / (areas + 1e-6))
