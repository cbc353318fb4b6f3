"""No brackets around the numerator.

Written from: the task text.
Told: brackets
"""

from keras import ops


def dice_loss(y_true, y_pred):
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return 1 - 2 * ops.sum(y_true * y_pred) + 1 / (areas + 1)
