"""Returns the score, not the loss.

Written from: the task text.
Told: score
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return (2 * overlap + 1) / (areas + 1)
