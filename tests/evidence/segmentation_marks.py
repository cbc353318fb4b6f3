"""Measures what the graded task of notebook 03 asks of a threshold, of a filter and of networks.

`python tests/evidence/segmentation_marks.py [SEEDS]` trains the reference with 20 seeds, every
stored right answer with five and every stored wrong one with two, as the hidden tests do, and
writes `data/measurements-segmentation-marks.json`. Some 15 minutes of one core.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import segmenting as s
from stored import store

from autograder.lab import datasets
from autograder.lab.training import quick_to_train

CATALOGUE = Path(__file__).parents[1] / "catalogue/03-segmentation-decoder"
STEPS, BATCH, SIDE, FILTERS = 80, 8, 32, 8
JOINS = {"build_fcn": None, "build_unet": "concatenate"}
ABOUT = """\
IoU on 100 striped garments of the test split. rules: what a rule without learning reaches that was
tuned on 320 training images (a threshold of brightness, of brightness against the mean around, of
the distance from that mean, of the standard deviation around; everything; the filter that knows
both directions, mean |difference across| minus mean |difference down|). networks: 8 base filters,
80 steps of 8 images, Adam with a cosine from 1e-2, cross-entropy plus Dice loss: the reference with
each join, and each stored answer that can be trained. fit: compile and fit of the U-Net for two
epochs, by loss and by constant rate."""


def rules(train: tuple, test: tuple) -> dict[str, float]:
    """The best of each family of rules on the training images, scored on the test images."""

    def around(x: np.ndarray, size: int) -> np.ndarray:
        return s.box_mean(x, size)

    def deviation(x: np.ndarray, size: int) -> np.ndarray:
        return around(x**2, size) - around(x, size) ** 2

    def direction(x: np.ndarray, size: int) -> np.ndarray:
        down, right = np.zeros_like(x), np.zeros_like(x)
        down[:, 1:] = abs(np.diff(x, axis=1))
        right[:, :, 1:] = abs(np.diff(x, axis=2))
        return around(right - down, size)

    sizes = (3, 5, 7, 15, 31)
    families: dict[str, list[Callable]] = {
        "brightness": [lambda x, k=k: around(x, k) for k in (1, 3, 5)],
        "against the mean around": [
            lambda x, m=m, k=k, a=a: around(x, m) - a * around(x, k)
            for m in (1, 3) for k in sizes if k > m for a in (0.7, 1)
        ],
        "distance from the mean around": [
            lambda x, m=m, k=k: around(abs(x - around(x, k)), m) for m in (1, 3, 5) for k in sizes
        ],
        "deviation around": [lambda x, k=k: deviation(x, k) for k in sizes[:4]],
        "direction of differences": [lambda x, k=k: direction(x, k) for k in (3, 5, 7)],
    }  # fmt: skip
    found = {"everything": s.iou(test[1], np.ones_like(test[1]))}
    for name, scores in families.items():
        tried = []
        for score in scores:
            for sign in (1, -1):
                level = s.best_threshold(sign * score(train[0]), train[1])
                reached = [s.iou(y, sign * score(x) > level) for x, y in (train, test)]
                tried.append(reached)
        found[name] = round(max(tried)[1], 4)
    return found


def stored_answers(function: str) -> dict[str, Callable]:
    """The catalogue's builders by name; they see the given encoder and the reference block."""
    found = {}
    for path in sorted((CATALOGUE / function).glob("*.py")):
        names = {"encode": s.encode, "decoder_block": s.decoder_block, "keras": keras, "np": np}
        exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), names)
        found[path.stem] = names[function]
    return found


def main(seeds: int) -> None:
    train = datasets.striped_garments("train", 320)
    test = datasets.striped_garments("test", 100)
    by_rule = rules(train, test)
    print(by_rule, flush=True)

    def reached(build: Callable, seed: int) -> float:
        model = quick_to_train(build((SIDE, SIDE, 1), 1, FILTERS))
        model, _, _ = s.train(model, *train, STEPS, seed, s.cross_entropy_and_dice, BATCH)
        return round(s.iou(test[1], s.probabilities(model, test[0]) > 0.5), 4)

    networks = {}
    for function, join in JOINS.items():
        answers = {"reference": lambda *given, join=join: s.network(*given, join=join)}
        for name, build in (answers | stored_answers(function)).items():
            runs = seeds if name == "reference" else 5 if name.startswith("right") else 2
            try:
                scores = [reached(build, seed) for seed in range(runs)]
            except Exception as error:
                print(f"{function} {name}: cannot be trained: {type(error).__name__}", flush=True)
                continue
            networks[f"{function} {name}"] = s.spread(scores) | {"seeds": runs}
            print(function, name, networks[f"{function} {name}"], flush=True)
    fits = {}
    losses = {"both": s.cross_entropy_and_dice, "Dice": s.dice_loss, "CE": s.cross_entropy}
    cases = [("both", rate) for rate in (1e-2, 3e-3, 1e-3)] + [("Dice", 1e-2), ("CE", 1e-2)]
    for loss, rate in cases:
        scores = []
        for seed in range(5):
            keras.utils.set_random_seed(seed)
            model = s.network((SIDE, SIDE, 1), 1, FILTERS)
            model.compile(keras.optimizers.Adam(rate), loss=losses[loss])
            model.fit(train[0], train[1].astype("float32"), batch_size=BATCH, epochs=2, verbose=0)
            scores.append(round(s.iou(test[1], s.probabilities(model, test[0]) > 0.5), 4))
        fits[f"{loss}, {rate:g}"] = s.spread(scores) | {"seeds": len(scores)}
        print("fit", loss, rate, fits[f"{loss}, {rate:g}"], flush=True)
    print(
        store(
            "segmentation-marks", " ".join(ABOUT.split()), "tests/evidence/segmentation_marks.py",
            list(range(seeds)), rules=by_rule, networks=networks, fit=fits,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
