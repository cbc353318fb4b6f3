"""Measures the ladder of notebook 03: what finds nuclei, from nothing to a U-Net, and the ceiling.

`python tests/evidence/segmentation.py [SEEDS]` takes some ten minutes of one core for ten seeds and
writes `data/measurements-segmentation.json`.
"""

import sys
import time
from typing import Any

import keras
import numpy as np
import segmenting as s
import tensorflow as tf
from stored import store

from autograder.lab import datasets

SPLITS = ("train", "validation", "test")
STEPS, WATCHED = 200, range(20, 201, 20)
ABOUT = """\
IoU of the class nucleus on the crops of datasets.nuclei, in the order train, validation, test where
a list has three. everything: nothing else than 1. global: of the pixels above each of 100 levels,
and the level that is best on train. local: of the rule mean over 3x3 > factor * mean over a window
+ offset, as first published, and with the factor, offset and window that are best on train, within
the crops and on whole strips. ceiling: of the truth moved by one pixel up, down, left or right, and
of the truth with one pixel taken from or added to each outline (four neighbors, and eight), on
validation and test. networks: 16 base filters, Adam with a cosine from 1e-2, batches of 8,
cross-entropy; for each seed the IoU on validation and test after every 20 of 200 steps, scores at
the end on both, and for "U-Net, equal time" after fewer steps. milliseconds: CPU time of a step on
one core, median over interleaved steps; first: with its tracing."""


def ladder(data: dict) -> dict[str, Any]:
    """Answers without learning."""
    levels = np.round(np.linspace(0, 0.99, 100), 2)
    curves = {
        split: [round(s.iou(y, x > level), 4) for level in levels] for split, (x, y) in data.items()
    }
    best = int(np.argmax(curves["train"]))
    at = [curves[split][best] for split in SPLITS]

    def local(x: np.ndarray, size: int, factor: float, offset: float) -> np.ndarray:
        return s.box_mean(x, 3) > factor * s.box_mean(x, size) + offset

    x, y = data["train"]
    near = s.box_mean(x, 3)
    tried = []
    for size in (21, 31, 41, 51, 61):
        around = s.box_mean(x, size)
        for factor in np.round(np.arange(0.4, 1.21, 0.1), 2):
            offset = s.best_threshold(near - factor * around, y)
            tried.append((s.iou(y, near - factor * around > offset), size, factor, offset))
    _, size, factor, offset = max(tried)
    tuned = {"window": size, "factor": float(factor), "offset": round(float(offset), 3)}
    strips = {split: datasets.nuclei_strip(split) for split in SPLITS}

    def scores(which: dict, *rule: float) -> list[float]:
        return [round(s.iou(y, local(x, *rule)), 4) for x, y in which.values()]

    whole = {split: (x[None], y[None]) for split, (x, y) in strips.items()}
    published, retuned = (41, 0.7, 0.06), (size, float(factor), round(float(offset), 3))
    return {
        "everything": [round(s.iou(y, np.ones_like(y)), 4) for _, y in data.values()],
        "right_pixels_of_nothing": [round(float(np.mean(y == 0)), 4) for _, y in data.values()],
        "global": {"levels": levels.tolist(), "iou": curves, "best": float(levels[best]), "at": at},
        "local": {
            "published": scores(data, *published),
            "published_strips": scores(whole, *published),
            "tuned": tuned,
            "at": scores(data, *retuned),
            "at_strips": scores(whole, *retuned),
        },
    }


def ceiling(data: dict) -> dict[str, list[float]]:
    """The truth with its outlines moved by one pixel."""
    found: dict[str, list[float]] = {}
    for split in SPLITS[1:]:
        strip = datasets.nuclei_strip(split)[1][None].astype("float32")
        moved = [
            s.iou(np.roll(strip, -d, a)[:, 1:-1, 1:-1], strip[:, 1:-1, 1:-1])
            for d in (-1, 1)
            for a in (1, 2)
        ]

        def cross(mask: np.ndarray) -> np.ndarray:
            tall = keras.ops.max_pool(mask, (3, 1), 1, "same")
            return np.maximum(tall, keras.ops.max_pool(mask, (1, 3), 1, "same"))

        answers = {
            "dilated, 4 neighbors": cross(strip),
            "eroded, 4 neighbors": 1 - cross(1 - strip),
            "dilated, 8 neighbors": s.largest_near(strip, 3),
            "eroded, 8 neighbors": 1 - s.largest_near(1 - strip, 3),
        }
        for name, score in {"moved": np.mean(moved)}.items():
            found.setdefault(name, []).append(round(float(score), 4))
        for name, answer in answers.items():
            found.setdefault(name, []).append(round(s.iou(strip, answer), 4))
    return found


def step_times(images: np.ndarray, masks: np.ndarray, rounds: int = 60) -> dict[str, float]:
    """Milliseconds of CPU time for a step of each network, in rounds one after another."""
    steps = {}
    for name, join in s.JOINS.items():
        keras.utils.set_random_seed(0)
        model = s.network(images.shape[1:], join=join)
        optimizer = keras.optimizers.Adam(1e-3)
        optimizer.build(model.trainable_variables)

        def step(model: Any = model, optimizer: Any = optimizer) -> Any:
            with tf.GradientTape() as tape:
                value = s.cross_entropy(masks, model(images, training=True))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
            return value

        steps[name] = tf.function(step, autograph=False)
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds + 1):
        for name, step in steps.items():
            start = time.process_time()
            step().numpy()
            spent[name].append(1000 * (time.process_time() - start))
    found = {name: round(float(np.median(times[1:])), 1) for name, times in spent.items()}
    return found | {f"{name}, first": round(times[0]) for name, times in spent.items()}


def main(seeds: int) -> None:
    data = {split: datasets.nuclei(split) for split in SPLITS}
    images, masks = data["train"]
    found: dict[str, Any] = ladder(data) | {"ceiling": ceiling(data)}
    print({key: value for key, value in found.items() if key != "global"}, flush=True)
    print("global", found["global"]["best"], found["global"]["at"], flush=True)
    found["milliseconds"] = step_times(images[:8], masks[:8].astype("float32"))
    costs = found["milliseconds"]
    equal_time = round(STEPS * costs["FCN"] / costs["U-Net"])
    print(costs, equal_time, flush=True)

    def watch(model: keras.Model) -> list[float]:
        return [
            round(s.iou(y, s.probabilities(model, x) > 0.5), 4)
            for x, y in (data["validation"], data["test"])
        ]

    runs: dict[str, list] = {}
    jobs = [(name, join, STEPS) for name, join in s.JOINS.items()]
    jobs.append(("U-Net, equal time", "concatenate", equal_time))
    for seed in range(seeds):
        for name, join, steps in jobs:
            model, _, curve = s.train(
                s.network((64, 64, 1), join=join), images, masks, steps, seed, s.cross_entropy,
                watch=watch, watched_steps={*WATCHED, steps},
            )  # fmt: skip
            row = {"seed": seed, "curve": curve}
            for split in SPLITS[1:]:
                x, y = data[split]
                scores = s.outline_scores(y, s.probabilities(model, x) > 0.5)
                row[split] = {key: scores[key] for key in ("iou", "boundary")}
            runs.setdefault(name, []).append(row)
            print(seed, name, row["validation"], row["test"], flush=True)
    weights = {name: s.network((64, 64, 1), join=j).count_params() for name, j in s.JOINS.items()}
    found |= {"networks": runs, "equal_time_steps": equal_time, "weights": weights}
    script = "tests/evidence/segmentation.py"
    print(store("segmentation", " ".join(ABOUT.split()), script, list(range(seeds)), **found))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
