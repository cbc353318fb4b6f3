"""Measures two scores of a grid on images with one and without: misses and false alarms by content.

`python tests/evidence/bench.py` takes about a minute of one core and writes
`data/measurements-grid-score.json`. A grid is a random pattern of `stride` x `stride` numbers of
mean 0, repeated and added to the content or multiplied into it. Its strength is its root mean
square over the content's standard deviation, or over the value of a constant.
"""

import itertools
import math
from collections.abc import Callable

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from instruments import grid_scores, phase_mean_scores, surprises
from stored import store

from autograder.lab import datasets

SIDE = 48
STRIDES = (2, 3, 4)
EACH = 12  # images without a grid for each content and stride, and as many with one
STRENGTHS = (0.1, 0.3, 1.0)
SEEDS = range(5)
LIMITS = {"grid_score": 0.1, "phase_means": 0.05}
SCORES = {"grid_score": grid_scores, "phase_means": phase_mean_scores}
ABOUT = """\
Images with a grid and without, as many of each for each content and stride (2 to 4). A score has a
limit: grid_score 0.1, and phase_means, the first edition's checkerboard_score, 0.05. misses: share
of the images with a grid at or below it, a number for each strength of the grid (its root mean
square over the content's standard deviation; half of the grids are added, half multiplied).
false_alarms: share of the images without a grid above it. auc: for each strength, the chance that
an image with a grid scores above one without. contents: by content, over all seeds; seeds_*: of
all contents, an entry for each seed. enlarged: share above the limit of photographs enlarged by the
stride itself; repeated pixels are stairs, which are a grid on slopes. offsets: both scores of a
photograph with a grid of strength 0.3 and without, after this constant was added. zero_from: the
offset from which grid_score is 0 by its threshold of 1e-5; lowest, median and highest of 80
photographs. contrasts: the largest change of grid_score when an image is multiplied by 1e-6 to 1e6.
crops: standard deviation of a score over 25 crops of one image with a grid, mean over images.
checkerboards: grid_score of a 12x12 checkerboard at strides 1 to 4."""


# --------------------------------------------------------------------------------------- content
def wave(length: float, numbers: np.random.Generator, angle: float | None = None) -> np.ndarray:
    """A sine of mean 0, in any direction unless an angle is given."""
    angle = numbers.uniform(0, math.pi) if angle is None else angle
    rows, columns = np.mgrid[:SIDE, :SIDE]
    along = rows * math.sin(angle) + columns * math.cos(angle)
    return np.sin(2 * math.pi * (along / length + numbers.uniform()))


def axis(numbers: np.random.Generator) -> float:
    return math.pi / 2 * numbers.integers(2)


def stripes(numbers: np.random.Generator, stride: int) -> np.ndarray:
    """Black and white along an axis; the period, at most 8, does not divide `stride`."""
    period = numbers.choice([p for p in range(2, 9) if stride % p])
    line = ((np.arange(SIDE) + numbers.integers(period)) % period < period / 2).astype(float)
    image = np.tile(line, (SIDE, 1))
    return image if numbers.integers(2) else image.T


def ramp(numbers: np.random.Generator) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    down, right, level = numbers.normal(size=3)
    return level + down * rows + right * columns


def text(numbers: np.random.Generator) -> np.ndarray:
    """Lines of letters as a screen draws them, white on black."""
    figure = plt.figure(figsize=(2, 2), dpi=SIDE)
    for line in range(9):
        letters = "".join(numbers.choice(list("abcdefghijklmnopqrstuvwxyz  "), 24))
        size = numbers.uniform(10, 16)
        figure.text(-0.1 * numbers.uniform(), 0.9 - line * 0.14, letters, fontsize=size)
    figure.canvas.draw()
    drawn = 1 - np.asarray(figure.canvas.buffer_rgba())[:SIDE, :SIDE, 0] / 255
    plt.close(figure)
    return drawn


PHOTOGRAPHS = datasets.photographs()[..., 0].astype("float64")  # (80, 64, 64)
CLOTHES = datasets.fashion_mnist("validation")[0][..., 0].astype("float64")  # (1000, 28, 28)


def photograph(numbers: np.random.Generator, side: int = SIDE) -> np.ndarray:
    top, left = numbers.integers(0, 65 - side, 2)
    return PHOTOGRAPHS[numbers.integers(80)][top : top + side, left : left + side]


CONTENTS: dict[str, Callable] = {
    "constant": lambda g, s: np.full((SIDE, SIDE), g.normal()),
    "ramp": lambda g, s: ramp(g),
    "wave of 4 px": lambda g, s: wave(4, g),
    "wave of 8 px": lambda g, s: wave(8, g),
    "wave of 16 px": lambda g, s: wave(16, g),
    "wave of 32 px": lambda g, s: wave(32, g),
    "photograph": lambda g, s: photograph(g),
    "Fashion-MNIST": lambda g, s: CLOTHES[g.integers(len(CLOTHES))],
    "white noise": lambda g, s: g.normal(size=(SIDE, SIDE)),
    "text": lambda g, s: text(g),
    "square stripes": stripes,
    "sine grating along an axis": lambda g, s: wave(g.uniform(2.5, 10), g, axis(g)),
    "sine grating, any direction": lambda g, s: wave(g.uniform(2.5, 10), g),
}


def pattern(stride: int, shape: tuple[int, ...], numbers: np.random.Generator) -> np.ndarray:
    """A grid of root mean square 1 and mean 0."""
    one = numbers.normal(size=(stride, stride))
    one = (one - one.mean()) / one.std()
    return np.tile(one, [-(-n // stride) for n in shape])[: shape[0], : shape[1]]


def with_grid(
    content: np.ndarray, stride: int, strength: float, times: bool, numbers: np.random.Generator
) -> np.ndarray:
    grid = strength * pattern(stride, content.shape, numbers)
    size = content.std() if np.ptp(content) else content[0, 0]
    return content * (1 + grid) if times else content + grid * size


def scored(image: np.ndarray, stride: int) -> dict[str, float]:
    return {name: float(score(image[None, ..., None], stride)[0]) for name, score in SCORES.items()}


# -------------------------------------------------------------------------------------- measures
def auc(those: np.ndarray, others: np.ndarray) -> float:
    """The chance that one of those is larger than one of the others; half for equal ones."""
    above = np.subtract.outer(those, others)
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def bench(seed: int) -> tuple[list, list]:
    """(content, strength, multiplied, scores) of images with a grid, (content, scores) without."""
    numbers = np.random.default_rng(seed)
    with_one, without = [], []
    for (name, content), stride in itertools.product(CONTENTS.items(), STRIDES):
        for index in range(EACH):
            strength, times = STRENGTHS[index % 3], bool(index % 2)
            image = with_grid(content(numbers, stride), stride, strength, times, numbers)
            with_one.append((name, strength, times, scored(image, stride)))
            without.append((name, scored(content(numbers, stride), stride)))
    return with_one, without


def counted(with_one: list, without: list) -> dict:
    """Misses by strength, false alarms and area under the curve, of both scores."""
    found: dict = {"images": len(with_one)}
    for score, limit in LIMITS.items():
        clean = np.array([s[score] for _, s in without])
        by_strength = [
            np.array([s[score] for _, at, _, s in with_one if at == strength])
            for strength in STRENGTHS
        ]
        found[score] = {
            "misses": [round(float(np.mean(those <= limit)), 3) for those in by_strength],
            "false_alarms": round(float(np.mean(clean > limit)), 3),
            "auc": [round(auc(those, clean), 3) for those in by_strength],
        }
    return found


def enlarged(seed: int, count: int = 60) -> dict:
    """Share above the limit of photographs enlarged by the stride."""
    numbers, found = np.random.default_rng(seed), {}
    for stride in STRIDES:
        small = [photograph(numbers, 24) for _ in range(count)]
        ways = {
            "nearest": [image.repeat(stride, 0).repeat(stride, 1) for image in small],
            "bilinear": [_bilinear(image, stride) for image in small],
        }
        for way, images in ways.items():
            scores = [scored(image, stride) for image in images]
            found[f"{way}, stride {stride}"] = {
                name: round(float(np.mean([s[name] > limit for s in scores])), 3)
                for name, limit in LIMITS.items()
            }
    return found


def _bilinear(image: np.ndarray, factor: int) -> np.ndarray:
    """Half-pixel bilinear enlargement, pixels at the border repeated."""
    for _ in range(2):
        at = (np.arange(len(image) * factor) + 0.5) / factor - 0.5
        image = np.stack([np.interp(at, np.arange(len(image)), row) for row in image.T])
    return image


def invariance(seed: int) -> dict:
    """Brightness, contrast and crop."""
    numbers = np.random.default_rng(seed)
    plain = photograph(numbers)
    gridded = with_grid(plain, 2, 0.3, False, numbers)
    offsets = {
        str(offset): {
            which: [round(scored(image + offset, 2)[name], 3) for name in SCORES]
            for which, image in (("with", gridded), ("without", plain))
        }
        for offset in (0, 1, 10, 100, 1000, 10_000)
    }
    changes, spreads = [], {name: [] for name in SCORES}
    for stride, content in itertools.product(STRIDES, CONTENTS.values()):
        image = with_grid(content(numbers, stride), stride, 0.3, False, numbers)
        here = scored(image, stride)["grid_score"]
        scaled = [scored(image * 10.0**power, stride)["grid_score"] for power in (-6, -2, 2, 6)]
        changes.append(max(abs(np.array(scaled) - here)))
        crops = [image[a : a + 20, b : b + 20] for a, b in np.ndindex(5, 5)]
        for score in SCORES:
            spreads[score].append(np.std([scored(crop, stride)[score] for crop in crops]))
    board = np.indices((12, 12)).sum(axis=0) % 2.0
    return {
        "offsets": offsets,
        "zero_from": vanishing(),
        "contrasts": float(f"{max(changes):.1g}"),
        "crops": {name: round(float(np.mean(values)), 3) for name, values in spreads.items()},
        "checkerboards": {
            str(stride): float(grid_scores(board[None, ..., None], stride)[0])
            for stride in (1, 2, 3, 4)
        },
    }


def vanishing() -> list[int]:
    """The offsets from which `around` is too small: lowest, median, highest of the photographs."""
    offsets = []
    for image in PHOTOGRAPHS:
        near, _, far = surprises(image[None, ..., None], 2).values()
        offsets.append(math.sqrt(near[0, 0] * far[0, 0]) / 1e-5 - image.max())
    return [round(float(np.quantile(offsets, part))) for part in (0, 0.5, 1)]


def main() -> None:
    benches = [bench(seed) for seed in SEEDS]
    with_one = [row for some, _ in benches for row in some]
    without = [row for _, some in benches for row in some]
    found: dict = {"strengths": list(STRENGTHS), "all": counted(with_one, without)}
    found["ways"] = {
        way: counted([row for row in with_one if row[2] == times], without)
        for way, times in (("added", False), ("multiplied", True))
    }
    for score in SCORES:
        each = [counted(*one)[score] for one in benches]
        for key in ("misses", "false_alarms", "auc"):
            found[f"seeds_{score}_{key}"] = [one[key] for one in each]
    found["contents"] = {
        name: counted(
            [row for row in with_one if row[0] == name], [row for row in without if row[0] == name]
        )
        for name in CONTENTS
    }
    found |= {"enlarged": enlarged(len(SEEDS))} | invariance(len(SEEDS) + 1)
    for key, value in found.items():
        for name, row in value.items() if isinstance(value, dict) else [("", value)]:
            print(f"{key:12} {name:28} {row}")
    about = " ".join(ABOUT.split())
    print(store("grid-score", about, "tests/evidence/bench.py", list(SEEDS), **found))


if __name__ == "__main__":
    main()
