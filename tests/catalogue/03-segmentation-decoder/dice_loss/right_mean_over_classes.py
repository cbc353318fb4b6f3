"""One loss for each class over the whole batch.

Written from: the task text.
"""

from keras import ops


def dice_loss(y_true, y_pred):
    axes = (0, 1, 2)
    score = (2 * ops.sum(y_true * y_pred, axes) + 1) / (ops.sum(y_true + y_pred, axes) + 1)
    return 1 - ops.mean(score)
