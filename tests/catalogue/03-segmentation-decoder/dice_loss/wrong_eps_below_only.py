"""eps in the denominator only: two empty masks lose.

Written from: the task text.
Told: eps-below-only
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return 1 - 2 * overlap / (areas + 1e-7)
