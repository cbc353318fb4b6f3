"""No brackets around the denominator.

Written from: the task text.
Told: brackets
"""

from keras import ops


def dice_loss(y_true, y_pred):
    eps = 1e-6
    overlap = ops.sum(y_true * y_pred)
    return 1 - (2 * overlap + eps) / ops.sum(y_true) + ops.sum(y_pred) + eps
