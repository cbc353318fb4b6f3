"""Asks the metric that Keras ships.

Written from: the task text.
"""

import keras


def mean_iou(y_true, y_pred, num_classes):
    metric = keras.metrics.MeanIoU(num_classes=num_classes)
    metric.update_state(y_true, y_pred)
    return float(metric.result())
