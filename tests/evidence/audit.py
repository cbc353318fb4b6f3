"""Measures the grid that published generators draw before any training, from their own noise.

`python tests/evidence/audit.py` takes about a minute of one core and writes
`data/measurements-audit.json`.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import numpy as np
from instruments import grid_scores, phase_mean_scores
from stored import store

from autograder.lab.published import GENERATORS

IMAGES = 16
ABOUT = """\
Untrained generators, each drawing 16 images from normal noise: for each seed, the mean over the
images. grid: grid_score at the generator's period. grid_2, grid_4: the same at periods 2 and 4.
training: grid_score where normalization uses the batch's statistics (the source of PyTorch's
tutorial draws so, TensorFlow's does not). phase_means: the first edition's checkerboard_score.
images: the standard deviation over 16 images of grid_score, averaged over the seeds. Seed n builds
the model, and n + 1000 draws its noise."""


def measured(name: str, seeds: range) -> dict:
    """All scores of one generator, as lists over the seeds."""
    generator = GENERATORS[name]
    row: dict = {key: [] for key in ("grid", "training", "phase_means", "grid_2", "grid_4")}
    spreads = []
    for seed in seeds:
        model = generator.build(seed)
        noise = np.random.default_rng(seed + 1000).normal(size=(IMAGES, generator.latent))
        images, trained = (np.asarray(model(noise, training=mode)) for mode in (False, True))
        scores = grid_scores(images, generator.period)
        spreads.append(scores.std())
        row["grid"].append(scores.mean())
        row["training"].append(grid_scores(trained, generator.period).mean())
        row["phase_means"].append(phase_mean_scores(images, generator.period).mean())
        for period in (2, 4):
            row[f"grid_{period}"].append(grid_scores(images, period).mean())
    rounded = {key: [round(float(v), 4) for v in values] for key, values in row.items()}
    return {"period": generator.period} | rounded | {"images": round(float(np.mean(spreads)), 4)}


def main(seeds: range = range(8)) -> None:
    rows = {}
    for name in GENERATORS:
        rows[name] = row = measured(name, seeds)
        for key, values in row.items():
            if isinstance(values, list):
                low, high = min(values), max(values)
                print(f"{name:28} {key:12} {np.mean(values):.3f} ({low:.3f} to {high:.3f})")
        print(f"{name:28} over images  {row['images']}", flush=True)
    about = " ".join(ABOUT.split())
    print(store("audit", about, "tests/evidence/audit.py", list(seeds), generators=rows))


if __name__ == "__main__":
    main()
