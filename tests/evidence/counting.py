"""Measures how well nuclei are counted: one class against inside and border, over seeds.

`python tests/evidence/counting.py [SEEDS]` takes about 40 seconds of one core for each seed and
writes `data/measurements-counting.json`. As in notebook 03, whose functions it uses, the networks
are trained on the right part of the training strip, for 200 steps, and count on its left part,
where many nuclei touch; the validation strip is counted, too.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import sys
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
from stored import store

from autograder import cells
from autograder.lab import datasets

SOURCE = Path(__file__).parents[2] / "solutions" / "03-segmentation-decoder.py"
STEPS = 200
ABOUT = """\
Counting of nuclei: right (matched with an IoU above 0.5), invented and missed ones, for the left
128 columns of the training strip ("touching") and for the validation strip. without_learning: the
drawn mask as 0 and 1, its parts counted; the three classes of the drawn nuclei, numbered and grown;
the local threshold. runs: for each seed, a U-Net of one class trained with cross-entropy, whose
parts above 0.5 are counted, or those above 0.9, grown back; and one of three classes (cross-entropy
and Dice loss), numbered and grown; both with 8 base filters, for 200 steps on the 60 crops from
column 160 on, turned and mirrored in eight ways."""


def notebook_names() -> dict[str, Any]:
    """What set-up and solution cells define, and the functions of demonstrations."""
    names: dict[str, Any] = {}
    for cell in jupytext.read(SOURCE).cells:
        if cell.cell_type != "code":
            continue
        shown = ("def components", "def local_threshold", "def three_class_loss")
        functions_only = any(name in cell.source for name in shown)
        if functions_only or cells.role(cell) in ("set-up", "solution"):
            source = cell.source.split("\nwith lab.needs")[0].split("\nstrip, ")[0]
            exec(compile(source, cells.grade_id(cell), "exec"), names)
    return names


def main(seeds: int = 6) -> None:
    """Count without learning, then train both networks from each seed."""
    names = notebook_names()
    train, build_unet, components = (names[n] for n in ("train", "build_unet", "components"))
    count_from, classes_of, grow = (names[n] for n in ("count_from", "inside_and_border", "grow"))
    picture, numbers = (a[..., 0] for a in datasets.nuclei_strip("train", instances=True))
    places = {
        "touching": (picture[:, :128], numbers[:, :128]),
        "validation": tuple(a[..., 0] for a in datasets.nuclei_strip("validation", instances=True)),
    }
    right = np.arange(135) % 9 >= 5  # crops from column 160 on
    images, truth = (a[right] for a in datasets.nuclei("train"))
    _, crops = datasets.nuclei("train", instances=True)
    three = np.stack([classes_of(crop[..., 0]) for crop in crops[right]])[..., None]
    images, truth, three = (names["turned"](each) for each in (images, truth, three))

    def counted(labels: dict[str, np.ndarray]) -> dict[str, list[int]]:
        return {
            place: [int(n) for n in names["match_instances"](places[place][1], found)]
            for place, found in labels.items()
        }

    def predicted(model: Any) -> dict[str, np.ndarray]:
        return {
            place: np.asarray(model(image[None, ..., None], training=False))[0]
            for place, (image, _) in places.items()
        }

    def threshold(image: np.ndarray) -> np.ndarray:
        return names["local_threshold"](image[None, ..., None])[0, ..., 0]

    known = {
        "truth as 0 and 1": {p: components(t > 0) for p, (_, t) in places.items()},
        "truth as three classes": {p: count_from(classes_of(t)) for p, (_, t) in places.items()},
        "local threshold": {p: components(threshold(x)) for p, (x, _) in places.items()},
    }
    without = {name: counted(labels) for name, labels in known.items()}
    print(without, flush=True)
    runs: dict[str, list] = {"one class": [], "one class, above 0.9": [], "inside and border": []}
    for seed in range(seeds):
        entropy = names["keras"].losses.BinaryCrossentropy()
        one = predicted(
            train(build_unet((None, None, 1), 1, 8), images, truth, STEPS, seed, entropy)
        )
        runs["one class"].append(counted({p: components(y[..., 0] > 0.5) for p, y in one.items()}))
        sure = {p: grow(components(y[..., 0] > 0.9), y[..., 0] > 0.5) for p, y in one.items()}
        runs["one class, above 0.9"].append(counted(sure))
        loss = names["three_class_loss"]
        many = predicted(train(build_unet((None, None, 1), 3, 8), images, three, STEPS, seed, loss))
        found = {p: count_from(y.argmax(axis=-1)) for p, y in many.items()}
        runs["inside and border"].append(counted(found))
        print(seed, {name: entries[-1] for name, entries in runs.items()}, flush=True)
        script = "tests/evidence/counting.py"
        store("counting", ABOUT, script, [*range(seed + 1)], without_learning=without, runs=runs)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
