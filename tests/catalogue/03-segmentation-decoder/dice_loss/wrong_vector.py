"""Returns one loss for each image.

Written from: the task text.
Told: returns-array
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred, axis=(1, 2, 3))
    areas = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(y_pred, axis=(1, 2, 3))
    return 1 - (2 * overlap + 1) / (areas + 1)
