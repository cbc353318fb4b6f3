"""Measures what cross-entropy and the soft Dice loss ask of a network, and what Dice costs.

`python tests/evidence/segmentation_losses.py [SEEDS]` takes some ten minutes of one core for five
seeds and writes `data/measurements-segmentation-losses.json`.
"""

import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import segmenting as s
import tensorflow as tf
from stored import store

from autograder.lab import datasets

LOSSES = {
    "cross-entropy": s.cross_entropy,
    "Dice": s.dice_loss,
    "both": s.cross_entropy_and_dice,
}
SIDES, BINS = (4, 8, 16, 32, 64), 10
ABOUT = """\
gradients: of a loss at the logits, of one object of side x side pixels in 100x100 where the answer
is a probability of 0.1 everywhere: summed over the object, summed over the background, of one pixel
of each, and whether a larger probability everywhere would make the loss smaller; Dice with eps 1
and with 1e-6. calibration: U-Nets with 16 base filters, 200 steps of 8 crops, on the validation and
test crops of nuclei together: IoU, expected calibration error over ten bins of the probability,
share of pixels with a probability between 0.05 and 0.95, mean probability and share of pixels that
are nucleus, cross-entropy; frequency: share of nucleus in each bin. batches: IoU on the test crops
after 200 steps with that many crops in a batch. empty: loss and summed gradient at the logits of an
empty image of 64x64 at a probability of 0.1 everywhere, alone and beside seven crops whose answer
is 0.9 inside nuclei and 0.1 outside. dice_by_batch: Dice loss of the trained U-Net of seed 0 on the
validation crops, mean over batches of that size, and its standard deviation over batches.
momentum: IoU on validation after 60 steps with 8 base filters and both losses, by batch statistics
and by moving averages."""


def at_logits(loss: Callable, truth: np.ndarray, answer: np.ndarray) -> tuple[float, np.ndarray]:
    """A loss, and its gradient with respect to the logits of the answer."""
    logits = tf.convert_to_tensor(np.log(answer / (1 - answer)).astype("float32"))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(tf.convert_to_tensor(truth), keras.ops.sigmoid(logits))
    return float(value), np.asarray(tape.gradient(value, logits), "float64")


def sharp_dice(y_true: Any, y_pred: Any) -> Any:
    """The Dice loss with a small eps."""
    overlap = 2 * keras.ops.sum(y_true * y_pred) + 1e-6
    return 1 - overlap / (keras.ops.sum(y_true) + keras.ops.sum(y_pred) + 1e-6)


def gradients() -> list[dict[str, Any]]:
    """For objects of five sizes."""
    rows = []
    for side in SIDES:
        truth = np.zeros((1, 100, 100, 1), "float32")
        truth[:, :side, :side] = 1
        row: dict[str, Any] = {"side": side}
        for name, loss in (LOSSES | {"Dice, eps 1e-6": sharp_dice}).items():
            _, slope = at_logits(loss, truth, np.full_like(truth, 0.1))
            inside, outside = slope[truth == 1], slope[truth == 0]
            row[name] = {
                "object": float(f"{inside.sum():.4g}"),
                "background": float(f"{outside.sum():.4g}"),
                "object_pixel": float(f"{inside[0]:.4g}"),
                "background_pixel": float(f"{outside[0]:.4g}"),
                "wants_more_everywhere": bool(slope.sum() < 0),
            }
        rows.append(row)
    return rows


def calibration(truth: np.ndarray, answer: np.ndarray) -> dict[str, Any]:
    """How far probabilities are from frequencies."""
    truth, answer = truth.ravel() > 0, answer.ravel().astype("float64")
    places = np.minimum((answer * BINS).astype(int), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    frequency = np.bincount(places, truth, BINS) / np.maximum(counts, 1)
    believed = np.bincount(places, answer, BINS) / np.maximum(counts, 1)
    clipped = np.clip(answer, 1e-7, 1 - 1e-7)
    found = {
        "iou": s.iou(truth, answer > 0.5),
        "calibration_error": float((counts * abs(frequency - believed)).sum() / len(truth)),
        "between": float(np.mean((answer > 0.05) & (answer < 0.95))),
        "mean_probability": answer.mean(),
        "nucleus": truth.mean(),
        "cross_entropy": -np.mean(np.log(np.where(truth, clipped, 1 - clipped))),
    }
    rounded: dict[str, Any] = {key: round(float(value), 4) for key, value in found.items()}
    return rounded | {"frequency": np.round(frequency, 3).tolist(), "counts": counts.tolist()}


def empty() -> dict[str, Any]:
    """An image without any object."""
    _, masks = datasets.nuclei("validation")
    truth = np.zeros((1, 64, 64, 1), "float32")
    blank = np.full_like(truth, 0.1)
    beside = np.concatenate([truth, masks[:7].astype("float32")])
    answers = np.concatenate([blank, np.where(beside[1:] > 0, 0.9, 0.1).astype("float32")])
    found = {}
    for name, loss in LOSSES.items():
        alone, slope = at_logits(loss, truth, blank)
        _, slopes = at_logits(loss, beside, answers)
        found[name] = {
            "loss_alone": round(alone, 4),
            "slope_alone": float(f"{slope.sum():.4g}"),
            "slope_in_a_batch": float(f"{slopes[0].sum():.4g}"),
        }
    return found


def main(seeds: int) -> None:
    found: dict[str, Any] = {"gradients": gradients(), "empty": empty()}
    for row in found["gradients"]:
        print(row)
    print(found["empty"], flush=True)
    images, masks = datasets.nuclei("train")
    validation, test = datasets.nuclei("validation"), datasets.nuclei("test")
    unseen, truth = (np.concatenate(pair) for pair in zip(validation, test, strict=True))
    network = s.network((64, 64, 1))
    runs: dict[str, list] = {name: [] for name in LOSSES}
    first = {}
    for seed in range(seeds):
        for name, loss in LOSSES.items():
            model, _, _ = s.train(network, images, masks, 200, seed, loss)
            first.setdefault(name, model)
            runs[name].append({"seed": seed} | calibration(truth, s.probabilities(model, unseen)))
            print(
                {key: v for key, v in runs[name][-1].items() if key != "counts"}, name, flush=True
            )
    found["calibration"] = runs
    answers = s.probabilities(first["both"], validation[0])
    found["dice_by_batch"] = {}
    for size in (1, 2, 4, 8):
        losses = [
            float(s.dice_loss(validation[1][i : i + size].astype("float32"), answers[i : i + size]))
            for i in range(0, 8, size)
        ]
        found["dice_by_batch"][size] = s.spread(losses)
    print(found["dice_by_batch"], flush=True)
    found["batches"] = {}
    for name, loss in LOSSES.items():
        for size in (1, 2, 8):
            scores = []
            for seed in range(min(seeds, 3)):
                model, _, _ = s.train(network, images, masks, 200, seed, loss, size)
                scores.append(round(s.iou(test[1], s.probabilities(model, test[0]) > 0.5), 4))
            found["batches"][f"{name}, {size}"] = scores
            print(name, size, scores, flush=True)
    found["momentum"] = {}
    for momentum in (0.99, 0.9):
        small = s.network((64, 64, 1), 1, 8, None, momentum=momentum)
        rows = []
        for seed in range(seeds):
            model, _, _ = s.train(small, images, masks, 60, seed, s.cross_entropy_and_dice)
            by = [np.asarray(model(validation[0], training=mode)) > 0.5 for mode in (True, False)]
            rows.append([round(s.iou(validation[1], answer), 4) for answer in by])
        found["momentum"][str(momentum)] = rows
        print(momentum, rows, flush=True)
    script = "tests/evidence/segmentation_losses.py"
    print(
        store("segmentation-losses", " ".join(ABOUT.split()), script, list(range(seeds)), **found)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
