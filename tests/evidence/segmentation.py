"""Measures over seeds what notebook 03 shows of one: the ladder, and where skips matter.

`python tests/evidence/segmentation.py [SEEDS]` takes about two minutes of one core for each seed
and writes `data/measurements-segmentation.json`.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import sys

import numpy as np
import segmenting as s
from stored import store

from autograder.lab import datasets

ABOUT = """\
Networks with 16 base filters, trained with cross-entropy on batches of 8 by Adam, whose step size
falls from 1e-2 along half a cosine: FCN without skips, U-Net with added skips, U-Net. nuclei: IoU
of validation crops after 200 steps, for each seed. scenes: after 300 steps on 500 scenes of
garments, on 60 validation scenes, for each seed: iou of any garment, and the shares of wrong pixels
inside garments, along their outlines (2 pixels wide) and in thin parts (which an opening by 5x5
pixels removes)."""


def wrong_shares(truth: np.ndarray, answer: np.ndarray) -> dict[str, float]:
    """The shares of wrong pixels in three places of (N, H, W, 1) masks."""
    garment = truth == 1
    outline = s.largest_near(truth, 3) != 1 - s.largest_near(1 - truth, 3)
    thin = garment & (s.largest_near(1 - s.largest_near(1 - truth, 5), 5) == 0)
    places = {"inside": garment & ~outline & ~thin, "outlines": outline, "thin parts": thin}
    return {
        name: round(float((answer != truth)[place].mean()), 4) for name, place in places.items()
    }


def main(seeds: int = 5) -> None:
    """Train all three networks on both data sets from each seed."""
    images, masks = datasets.nuclei("train")
    validation, truth = datasets.nuclei("validation")
    scenes, garments = datasets.fashion_scenes("train", 500)
    held_back, held_back_garments = datasets.fashion_scenes("validation", 60)
    garments, held_back_garments = ((m > 0).astype("int64") for m in (garments, held_back_garments))
    nuclei: dict[str, list[float]] = {name: [] for name in s.JOINS}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in s.JOINS}
    for seed in range(seeds):
        for name, join in s.JOINS.items():
            network = s.network((64, 64, 1), 1, 16, join)
            model, *_ = s.train(network, images, masks, 200, seed, s.cross_entropy)
            answer = (s.probabilities(model, validation) > 0.5).astype("int64")
            nuclei[name].append(round(s.iou(truth, answer), 4))
            network = s.network((48, 48, 1), 1, 16, join)
            model, *_ = s.train(network, scenes, garments, 300, seed, s.cross_entropy)
            answer = (s.probabilities(model, held_back) > 0.5).astype("int64")
            scores = {"iou": round(s.iou(held_back_garments, answer), 4)}
            found[name].append(scores | wrong_shares(held_back_garments, answer))
            print(seed, name, nuclei[name][-1], found[name][-1], flush=True)
        script = "tests/evidence/segmentation.py"
        store("segmentation", ABOUT, script, [*range(seed + 1)], nuclei=nuclei, scenes=found)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
