"""Scores of masks: right results from Keras, and those of known mistakes.

The checks of `iou`, `dice`, `mean_iou` and `dice_loss` ask it.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from autograder.lab.causes import Mistakes


def ious(y_true: np.ndarray, y_pred: np.ndarray, *, num_classes: int) -> np.ndarray:
    """Keras' IoU of each class; nan for a class that is in neither mask."""
    if max(y_true.max(), y_pred.max()) >= num_classes:
        raise ValueError("a label has no class")
    metric = keras.metrics.IoU(num_classes, [0], dtype="float64")
    metric.update_state(y_true.astype("int32"), y_pred.astype("int32"))
    counts = np.asarray(metric.total_cm, "float64")  # its result() would take 7 ms for each class
    either = counts.sum(axis=0) + counts.sum(axis=1) - counts.diagonal()
    scores = counts.diagonal() / np.maximum(either, 1)
    return _nan_where_absent(scores, y_true, y_pred)


def wrong_ious(*masks: Any) -> Mistakes:
    """What misconceptions make of two masks and a number of classes."""
    of_areas = dices(*masks[:2], num_classes=masks[2])
    with np.errstate(divide="ignore", invalid="ignore"):
        xor = of_areas / (2 - 2 * of_areas)  # by the pixels that are in one of the two alone
    finite = np.isfinite(xor)
    return {
        "dice": of_areas,
        "sum-of-areas": of_areas / 2,
        "xor": [xor, *(np.where(finite, xor, filled) for filled in (np.nan, 0))],
        **_class_mistakes(ious, *masks),
    }


def dices(y_true: np.ndarray, y_pred: np.ndarray, *, num_classes: int) -> np.ndarray:
    """Keras' F1 score of each class, pixel by pixel; nan for a class that is in neither mask."""
    metric = keras.metrics.F1Score(threshold=0.5, dtype="float64")
    metric.update_state(*(np.eye(num_classes)[y.ravel()] for y in (y_true, y_pred)))
    return _nan_where_absent(np.asarray(metric.result()), y_true, y_pred)


def wrong_dices(*masks: Any) -> Mistakes:
    """What misconceptions make of two masks and a number of classes."""
    of_union = ious(*masks[:2], num_classes=masks[2])
    return {
        "iou": of_union,
        "two-forgotten": dices(*masks[:2], num_classes=masks[2]) / 2,
        "union": 2 * of_union,
        **_class_mistakes(dices, *masks),
    }


def mean_of_ious(y_true: np.ndarray, y_pred: np.ndarray, *, num_classes: int) -> float:
    """Keras' mean of the IoU of each class that is in either mask."""
    keras_own = keras.metrics.MeanIoU(num_classes)
    keras_own.update_state(y_true, y_pred)
    return float(np.asarray(keras_own.result()))


def wrong_means(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> Mistakes:
    """What misconceptions make of two masks."""
    scores = ious(y_true, y_pred, num_classes=num_classes)
    in_truth = np.isin(np.arange(num_classes), y_true)
    averaged = {
        "absent-counts-as-zero": np.nan_to_num(scores),
        "absent-counts-as-one": np.nan_to_num(scores, nan=1),
        "absent-is-nan": scores,
        "only-true-classes": scores[in_truth],
        "only-classes-with-hits": scores[scores > 0],
        "dice": dices(y_true, y_pred, num_classes=num_classes)[~np.isnan(scores)],
    }
    return {
        **{kind: float(values.mean()) for kind, values in averaged.items() if values.size},
        "no-background": float(np.nanmean(scores[1:])) if num_classes > 1 else None,
        "right-pixels": float((y_true == y_pred).mean()),
        "pooled-classes": _pooled(y_true == y_pred),
        "weighted": float(np.nansum(scores * _shares(y_true, num_classes))),
        "not-averaged": scores,
        "first-pass": float(scores[0]),
    }


def _pooled(right: np.ndarray) -> float:
    """IoU of all classes together: each wrong pixel is in the union of two."""
    return float(right.sum() / (2 * right.size - right.sum()))


def _shares(y_true: np.ndarray, num_classes: int) -> np.ndarray:
    """The share of the pixels that each class has."""
    return np.bincount(y_true.ravel(), minlength=num_classes) / y_true.size


def _nan_where_absent(scores: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    classes = np.arange(len(scores))
    return np.where(np.isin(classes, y_true) | np.isin(classes, y_pred), scores, np.nan)


def _class_mistakes(
    score: Callable, y_true: np.ndarray, y_pred: np.ndarray, num_classes: int
) -> Mistakes:
    """Misconceptions that IoU and Dice share."""
    labels, right = range(num_classes), score(y_true, y_pred, num_classes=num_classes)
    hits = np.array([np.sum((y_true == c) & (y_pred == c)) for c in labels])
    true, answered = (np.array([np.sum(y == c) for c in labels]) for y in (y_true, y_pred))
    pixels = np.array([np.mean((y_true == c) == (y_pred == c)) for c in labels])

    def alike(scores: np.ndarray) -> list[np.ndarray]:
        """The scores, and the same where a class that is nowhere is seen to."""
        return [scores, np.where(np.isnan(right), np.nan, scores)]

    mistakes = {
        "absent-is-zero": np.nan_to_num(right),
        "absent-is-one": np.nan_to_num(right, nan=1.0),
        "only-true-classes": np.where(true > 0, right, np.nan),
        "recall": alike(hits / np.maximum(true, 1)),
        "precision": alike(hits / np.maximum(answered, 1)),
        "all-pixels": alike(hits / y_true.size),
        "right-pixels": alike(pixels),
    }
    if y_true.ndim == 3:
        mistakes["mean-over-images"] = _mean_over_images(y_true, y_pred, num_classes, score)
    return mistakes


def _mean_over_images(y_true, y_pred, num_classes: int, score) -> np.ndarray:
    images = [score(t, p, num_classes=num_classes) for t, p in zip(y_true, y_pred, strict=True)]
    columns = [column[~np.isnan(column)] for column in np.stack(images, axis=1)]
    return np.array([column.mean() if column.size else np.nan for column in columns])


def wrong_losses(right: float, rows: tuple[int, int, int], shape: tuple[int, ...]) -> Mistakes:
    """What misconceptions make of the Dice loss of two masks.

    Args:
        right: The loss.
        rows: How many rows of ones the true mask has, the other one, and both.
        shape: Of the masks.
    """
    (true, answered, both), (images, height, width, channels) = rows, shape
    empty, differs = true + answered == 0, true + answered - 2 * both
    at_once = sorted({n * m * width for n in (1, images) for m in (1, channels)})  # of a row
    means = [n / height for n in rows]
    return {
        "score": 1 - right,
        "minus-score": right - 1,
        "two-forgotten": [(1 + right) / 2, right if empty else (1 + right) / 2],
        "eps-below-only": 1.0 if empty else right,
        "eps-doubled": -1.0 if empty else right,
        "zero-by-zero": np.nan if empty else right,
        "iou": 0.0 if empty else differs / (differs + both),
        "pixel-by-pixel": [differs / height, 1 - both / height],
        "means": [1 - (2 * means[2] + eps) / (means[0] + means[1] + eps) for eps in (1, 0.1)],
        "brackets": [
            value
            for pixels in at_once
            for eps in (1, 1e-7)
            for value in _without_brackets(true * pixels, answered * pixels, both * pixels, eps)
        ],
    }


def _without_brackets(true: int, answered: int, both: int, eps: float) -> list[float]:
    """Losses of which one pair of brackets, or both, are missing."""
    with np.errstate(divide="ignore"):
        share, rest = (float(np.divide(n, np.float64(true))) for n in (2 * both + eps, eps))
    return [
        1 - 2 * both + eps / (true + answered + eps),
        1 - share + answered + eps,
        1 - 2 * both + rest + answered + eps,
    ]
