"""The loss of the IoU.

Written from: the task text.
Told: iou
"""

from keras import ops


def dice_loss(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    areas = ops.sum(y_true) + ops.sum(y_pred)
    return 1 - (overlap + 1) / (areas - overlap + 1)
