"""Measures how well touching nuclei are counted in notebook 03, by two classes and by three.

`python tests/evidence/segmentation_counting.py [SEEDS]` takes some fifteen minutes of one core for
ten seeds and writes `data/measurements-segmentation-counting.json`. With `try` instead of a number
it compares recipes on the validation strip, with two seeds that are not among the stored ones.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import segmenting as s
from stored import store

from autograder.lab import datasets

SPLITS = ("train", "validation", "test")
STEPS, SMALLEST = 300, 20
ABOUT = """\
Nuclei found in whole strips, as [true positives, false positives, false negatives] at an IoU above
0.5; f1 follows from them. truth: what the true masks alone give, by the components of the binary
mask and by those of its inside, grown back by one pixel into the border. rules: components of the
best global and of the local threshold of measurements-segmentation. networks: U-Nets with 16 base
filters, 300 steps of 8 crops that are turned and mirrored; "two classes": components of the mask;
"three classes": inside and border, cross-entropy and Dice over inside and border; components of the
pixels whose largest probability is the inside's, grown back. Components below 20 pixels are left
out of all answers but the truth's. For each seed, on validation and test; iou: of nucleus or not.
halves: the train strip's lower half by networks trained on its upper half, and the other way round,
together: 89 nuclei less those that the cut divides. seconds: CPU time of one training."""


def without_small(labels: np.ndarray, smallest: int = SMALLEST) -> np.ndarray:
    """Labels whose objects have at least this many pixels."""
    return np.where(np.bincount(labels.ravel())[labels] < smallest, 0, labels)


def turned(x: np.ndarray, y: np.ndarray, generator: np.random.Generator) -> tuple:
    """A batch in one of the eight positions of a square."""
    turns, mirror = generator.integers(4), generator.integers(2)
    both = [np.rot90(a, turns, axes=(1, 2)) for a in (x, y)]
    return tuple(np.ascontiguousarray(a[:, :, ::-1] if mirror else a) for a in both)


def crops(strip: np.ndarray) -> np.ndarray:
    """(H, W, 1) -> crops of 64x64 that overlap by half, as datasets.nuclei cuts its train strip."""
    return np.stack(
        [
            strip[top : top + 64, left : left + 64]
            for top in range(0, strip.shape[0] - 63, 32)
            for left in range(0, strip.shape[1] - 63, 32)
        ]
    )


def targets(instances: np.ndarray) -> np.ndarray:
    """(H, W, 1) labels -> inside and border of the whole strip."""
    return s.inside_and_border(instances[..., 0])[..., None]


def counted(model: keras.Model, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels of the objects in a strip, and the mask of nucleus or not."""
    answer = s.probabilities(model, image[None])[0]
    if answer.shape[-1] == 1:
        mask = answer[..., 0] > 0.5
        return without_small(s.components(mask)), mask
    best = answer.argmax(axis=-1)
    return without_small(s.grown(s.components(best == 1), best == 2)), best > 0


def three_classes(weights: tuple[float, float, float], dice: float) -> Callable:
    """Weighted cross-entropy, plus the Dice loss of each of inside and border."""

    def loss(y_true: Any, y_pred: Any) -> Any:
        truth = keras.ops.one_hot(keras.ops.cast(y_true[..., 0], "int32"), 3)
        entropy = keras.losses.categorical_crossentropy(truth, y_pred)
        entropy = keras.ops.mean(entropy * keras.ops.sum(truth * np.float32(weights), axis=-1))
        soft = [s.dice_loss(truth[..., c], y_pred[..., c]) for c in (1, 2)]
        return entropy + dice * sum(soft) / 2

    return loss


RECIPES = {  # loss, whether crops are turned, steps
    "CE": (three_classes((1, 1, 1), 0), True, 300),
    "weights 1 1 3": (three_classes((1, 1, 3), 0), True, 300),
    "Dice": (three_classes((1, 1, 1), 1), True, 300),
    "Dice, not turned": (three_classes((1, 1, 1), 1), False, 300),
    "Dice, 150 steps": (three_classes((1, 1, 1), 1), True, 150),
    "weights 1 1 3, Dice": (three_classes((1, 1, 3), 1), True, 300),
}


def fitted(image: np.ndarray, instances: np.ndarray, classes: int, seed: int, recipe: str = "Dice"):
    """A network for whole strips, and the CPU seconds of its training."""
    loss, change, steps = RECIPES[recipe]
    y = targets(instances) if classes == 3 else (instances > 0).astype("int64")
    network = s.network((None, None, 1), classes)
    start = time.process_time()
    model, _, _ = s.train(
        network, crops(image), crops(y), steps, seed,
        loss if classes == 3 else s.cross_entropy_and_dice, change=turned if change else None,
    )  # fmt: skip
    return model, time.process_time() - start


def compare_recipes(seeds: tuple[int, ...] = (100, 101)) -> None:
    """On the validation strip, and on the lower half of the train strip after the upper one."""
    image, instances = datasets.nuclei_strip("train", instances=True)
    unseen, truth = datasets.nuclei_strip("validation", instances=True)
    for recipe in RECIPES:
        for seed in seeds:
            model, spent = fitted(image[:256], instances[:256], 3, seed, recipe)
            for x, y in [(image[288:], instances[288:]), (unseen, truth)]:
                labels, mask = counted(model, x)
                found = s.matched(y[..., 0], labels)
                print(recipe, seed, found, round(s.f1(*found), 3), round(s.iou(y[..., 0], mask), 3))
            print(f"{spent:.1f} s", flush=True)


def main(seeds: int) -> None:
    strips = {split: datasets.nuclei_strip(split, instances=True) for split in SPLITS}
    by_truth: dict[str, list] = {"mask": [], "inside, grown back": [], "nuclei": [], "merged": []}
    for _, instances in strips.values():
        labels = instances[..., 0]
        mask, classes = s.components(labels > 0), s.inside_and_border(labels)
        inside = s.grown(s.components(classes == 1), classes == 2)
        by_truth["mask"].append(s.matched(labels, mask))
        by_truth["inside, grown back"].append(s.matched(labels, inside))
        by_truth["nuclei"].append(len(np.unique(labels)) - 1)
        pairs = np.unique(np.stack([mask.ravel(), labels.ravel()]), axis=1).T
        pairs = pairs[pairs[:, 1] > 0]
        shared = [c for c in np.unique(pairs[:, 0]) if sum(pairs[:, 0] == c) > 1]
        by_truth["merged"].append(len({int(n) for c, n in pairs if c in shared}))
    print(by_truth, flush=True)
    ladder = datasets.measurements("segmentation")
    tuned, level = ladder["local"]["tuned"], ladder["global"]["best"]
    by_rule: dict[str, list] = {"global": [], "local": []}
    for image, instances in strips.values():
        near, around = (s.box_mean(image[None], size)[0, ..., 0] for size in (3, tuned["window"]))
        masks = {
            "global": image[..., 0] > level,
            "local": near > tuned["factor"] * around + tuned["offset"],
        }
        for name, mask in masks.items():
            labels = without_small(s.components(mask))
            by_rule[name].append(s.matched(instances[..., 0], labels))
    print(by_rule, flush=True)
    runs: dict[str, list] = {"two classes": [], "three classes": []}
    halves: dict[str, list] = {name: [] for name in runs}
    seconds = []
    image, instances = strips["train"]
    for seed in range(seeds):
        for name, classes in [("two classes", 1), ("three classes", 3)]:
            model, spent = fitted(image, instances, classes, seed)
            seconds.append(spent)
            row: dict[str, Any] = {"seed": seed}
            for split in SPLITS[1:]:
                labels, mask = counted(model, strips[split][0])
                truth = strips[split][1][..., 0]
                row[split] = s.matched(truth, labels)
                row[f"{split}_iou"] = round(s.iou(truth, mask), 4)
            runs[name].append(row)
            total = np.zeros(3, int)
            for part, rest in [(np.s_[:256], np.s_[256:]), (np.s_[256:], np.s_[:256])]:
                if seed >= 5:
                    break
                model, _ = fitted(image[part], instances[part], classes, seed)
                labels, _ = counted(model, image[rest])
                total += s.matched(instances[rest][..., 0], labels)
            if seed < 5:
                halves[name].append(total.tolist())
            print(name, row, total.tolist(), f"{spent:.1f} s", flush=True)
    print(
        store(
            "segmentation-counting", " ".join(ABOUT.split()),
            "tests/evidence/segmentation_counting.py", list(range(seeds)), truth=by_truth,
            rules=by_rule, networks=runs, halves=halves,
            seconds=round(float(np.median(seconds)), 1),
        )
    )  # fmt: skip


if __name__ == "__main__" and sys.argv[1:] == ["try"]:
    compare_recipes()
elif __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
