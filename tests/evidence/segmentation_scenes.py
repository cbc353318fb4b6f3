"""Measures where skips matter and what six classes need, on the garment scenes of notebook 03.

`python tests/evidence/segmentation_scenes.py [SEEDS]` takes some twenty minutes of one core for
five seeds and writes `data/measurements-segmentation-scenes.json`.
"""

import sys
from typing import Any

import keras
import numpy as np
import segmenting as s
from stored import store

from autograder.lab import datasets

STEPS, BINARY_STEPS, CLASSES = 640, 200, len(datasets.SCENE_CLASSES)
ABOUT = """\
Scenes of garments, scored on 60 validation scenes. any: "any garment" as one class; iou, boundary:
IoU, and Boundary IoU within 2 pixels of the outlines (Cheng et al. 2021); thin_3, thin_5: share
found of the garment pixels that an opening by a square of 3 or 5 pixels removes (sleeves, straps);
gap_3, gap_5: share left free of the ground pixels that a closing fills (between legs, under
handles). binary: networks that are trained for any garment alone on 500 scenes, 16 base filters,
200 steps of 8, cross-entropy. six: trained for six classes, 640 steps, cross-entropy plus Dice over
the garments; mean_iou and classes: IoU of the six classes. more: six classes by U-Nets with other
training sets, depths and steps. holes: share of a garment's pixels, its outline filled, that the
scenes label as ground because they are darker than 0.1; by class, of the validation garments, and
scene: of all pixels of the validation scenes, those that such holes could turn into ground."""
MORE = {  # scenes, levels, steps, seeds
    "500 scenes, 3 levels, 640 steps": (500, 3, 640, 2),
    "2000 scenes, 3 levels, 640 steps": (2000, 3, 640, 2),
    "500 scenes, 4 levels, 640 steps": (500, 4, 640, 2),
    "2000 scenes, 4 levels, 640 steps": (2000, 4, 640, 2),
    "2000 scenes, 4 levels, 1500 steps": (2000, 4, 1500, 2),
}


def holes() -> dict[str, Any]:
    """How much of each class of garment is darker than the level that tells it from the ground."""
    garments, labels = datasets.fashion_mnist("validation")
    shares = {}
    for name, label in zip(datasets.SCENE_CLASSES[1:], (0, 1, 7, 8, 9), strict=True):
        dark = filled = 0
        for garment in garments[labels == label, ..., 0]:
            outside = np.pad(garment <= 0.1, 1, constant_values=True)
            numbers = s.components(outside)
            hole = outside & (numbers != numbers[0, 0])
            dark += hole.sum()
            filled += hole.sum() + (garment > 0.1).sum()
        shares[name] = round(float(dark / filled), 4)
    return shares


def scored(model: keras.Model, images: np.ndarray, masks: np.ndarray, classes: int) -> dict:
    """What a network reaches on unseen scenes."""
    answer = s.probabilities(model, images)
    if classes == 1:
        return {"any": s.outline_scores(masks > 0, answer > 0.5)}
    best = answer.argmax(axis=-1)[..., None]
    ious = s.class_ious(masks, best, classes)
    return {
        "any": s.outline_scores(masks > 0, best > 0),
        "mean_iou": round(float(np.mean(ious)), 4),
        "classes": [round(value, 4) for value in ious],
    }


def main(seeds: int) -> None:
    images, masks = datasets.fashion_scenes("train", 500)
    unseen, truth = datasets.fashion_scenes("validation", 60)
    found: dict[str, Any] = {"holes": holes(), "binary": {}, "six": {}, "more": {}}
    print(found["holes"], flush=True)
    for seed in range(seeds):
        for name, join in s.JOINS.items():
            model, _, _ = s.train(
                s.network((48, 48, 1), 1, 16, join), images, masks > 0, BINARY_STEPS, seed,
                s.cross_entropy,
            )  # fmt: skip
            row = {"seed": seed} | scored(model, unseen, truth, 1)
            found["binary"].setdefault(name, []).append(row)
            print("binary", name, row, flush=True)
    loss = s.classes_loss(CLASSES)
    for seed in range(seeds):
        for name, join in s.JOINS.items():
            model, _, _ = s.train(
                s.network((48, 48, 1), CLASSES, 16, join), images, masks, STEPS, seed, loss
            )
            row = {"seed": seed} | scored(model, unseen, truth, CLASSES)
            found["six"].setdefault(name, []).append(row)
            print("six", name, row, flush=True)
    for name, (count, levels, steps, runs) in MORE.items():
        for seed in range(runs):
            model, _, _ = s.train(
                s.network((48, 48, 1), CLASSES, 16, levels=levels),
                *datasets.fashion_scenes("train", count), steps, seed, loss,
            )  # fmt: skip
            row = {"seed": seed} | scored(model, unseen, truth, CLASSES)
            found["more"].setdefault(name, []).append(row)
            print(name, row, flush=True)
    script = "tests/evidence/segmentation_scenes.py"
    about = " ".join(ABOUT.split())
    print(store("segmentation-scenes", about, script, list(range(seeds)), **found))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
