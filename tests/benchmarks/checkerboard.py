"""Prints the statistics behind what notebook 04 asks and claims, over seeds.

`python tests/benchmarks/checkerboard.py [SEEDS]` runs the code of the notebook's own cells. First
the audit: the mean scores of decoders of known kind, whose gap the threshold of 0.05 lies in. Then
the trained pair, before and after the replacement: checkerboard score, error of the heights, error
of the slopes, each with mean, standard deviation, smallest and largest value; and the same
after ten times as many epochs.
"""

import sys
from pathlib import Path

import keras
import nbformat
import numpy as np

from autograder import cells

NAME = "04-checkerboard-artifacts"
NOTEBOOK = Path(__file__).parents[2] / f"solutions/{NAME}/{NAME}.ipynb"
PRONE = [
    [("transpose", 3, 2)],
    [("transpose", 3, 3)],
    [("transpose", 4, 2), ("transpose", 3, 1)],
    [("transpose", 2, 2), ("bilinear", 4, 2)],
    [("transpose", 3, 2), ("resize", 3, 3)],
    [("bilinear", 4, 2), ("transpose", 5, 1), ("transpose", 3, 3)],
]
CLEAN = [
    [("resize", 5, 3)],
    [("bilinear", 5, 3), ("transpose", 3, 1)],
    [("transpose", 3, 1), ("resize", 3, 2)],
]


def notebook_names() -> dict:
    """What the notebook's set-up, solution and training cells define."""
    names: dict = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        shown = cell.source.startswith(("garments,", "def relief_network"))
        if cells.role(cell) in ("set-up", "solution") or shown:
            exec(cell.source, names)
    return names


def audit_margins(names: dict, rounds: int = 100, seeds: int = 3) -> None:
    """The smallest mean of a prone decoder and the largest of a clean one."""
    for kind, decoders in [("prone", PRONE), ("clean", CLEAN)]:
        means = []
        for decoder in decoders:
            period = int(np.prod([stride for *_, stride in decoder]))
            scores = [
                names["checkerboard_score"](names["response"](decoder, seed), period)
                for seed in range(rounds * seeds)
            ]
            means += np.mean(np.reshape(scores, (rounds, seeds)), axis=1).tolist()
        print(f"audit, {kind}: means over {seeds} seeds from {min(means):.2g} to {max(means):.2g}")


def trained(names: dict, seeds: range, epochs: int) -> None:
    """The three measures before and after."""
    before = names["relief_network"]()
    heights, target = names["heights"], names["held_back"]
    table = {}
    for title, model in [("before", before), ("after", names["replace_transposed"](before))]:
        rows = []
        for seed in seeds:
            keras.utils.set_random_seed(seed)
            copy = keras.models.clone_model(model)
            copy.compile(keras.optimizers.Adam(2e-3), loss="mse")
            copy.fit(heights, heights, batch_size=32, epochs=epochs, verbose=0)
            drawn = copy.predict(target, verbose=0)
            slopes = [np.mean(np.diff(drawn - target, axis=axis) ** 2) for axis in (1, 2)]
            grid = np.mean([names["checkerboard_score"](image, 2) for image in drawn[:200]])
            rows.append([grid, np.mean((drawn - target) ** 2), np.mean(slopes)])
        table[title] = np.array(rows)
    for column, what in enumerate(["score", "heights", "slopes"]):
        for title, values in table.items():
            v = values[:, column]
            print(
                f"{epochs:>3} epochs, {what:<8} {title:<7} mean {v.mean():.5f} std {v.std():.5f} "
                f"min {v.min():.5f} max {v.max():.5f}"
            )
        ratio = table["after"][:, column] / table["before"][:, column]
        print(f"{epochs:>3} epochs, {what:<8} after over before: {np.round(ratio, 2).tolist()}")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    defined = notebook_names()
    audit_margins(defined)
    trained(defined, range(count), epochs=3)
    trained(defined, range(2), epochs=30)
