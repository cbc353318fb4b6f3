"""Measures the receptive field of notebook 03's networks and what it does to tiles.

`python tests/evidence/segmentation_tiles.py [SEEDS]` takes two minutes of one core for three seeds
and writes `data/measurements-segmentation-tiles.json`.
"""

import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import segmenting as s
import tensorflow as tf
from stored import store

from autograder.lab import datasets

TILE, NEAREST = 64, 32
ABOUT = """\
receptive_field: for the networks with 2, 3 and 4 levels, by the output pixel's position in a block
of 2**(levels - 1), how many input pixels before and after it along an axis it depends on: computed
from the layers, and measured as the extent of gradients over ten random inputs and weights.
encoder: size in pixels of what one pixel of each level sees. energy: share of the gradient's sum of
absolute values within 4, 8, 12, 16 pixels of the output pixel, of trained U-Nets, mean over 64
pixels. tiles: whole strips of nuclei (the train strip, 512x320) by tiles of 64x64 without overlap,
against the whole strip at once: largest and mean difference of the probabilities, and share of
decisions at 0.5 that differ, by the distance in pixels to the nearest inner edge of a tile (from
0); mean over the image's pixels at that distance. overlaps: the same differences over the whole
strip when each pixel comes from a tile in which it lies at least overlap // 2 pixels from an edge.
shifts: mean difference of probabilities when the strip begins 1, 2, 3, 4 or 8 rows later, at least
32 rows from its ends. U-Nets with 16 base filters, 200 steps, cross-entropy plus Dice, one row for
each seed."""


def reach(levels: int, output: int) -> tuple[int, int]:
    """Input pixels before and after an output pixel on which the U-Net depends, along an axis.

    Each convolution adds a pixel on both sides at its own level; pooling and the transposed
    convolution of 2 by 2 join and part blocks of two.
    """

    def encoder(low: int, high: int, level: int) -> tuple[int, int]:
        low, high = low - 2, high + 2
        return (low, high) if level == 0 else encoder(2 * low, 2 * high + 1, level - 1)

    def decoder(low: int, high: int, level: int) -> tuple[int, int]:
        if level == levels - 1:
            return encoder(low, high, level)
        low, high = low - 1, high + 1
        skip, deeper = encoder(low, high, level), decoder(low // 2, high // 2, level + 1)
        return min(skip[0], deeper[0]), max(skip[1], deeper[1])

    low, high = decoder(output, output, 0)
    return output - low, high - output


def measured_reach(levels: int, side: int = 128) -> list[tuple[int, int]]:
    """The same by gradients, for each position in a block."""
    block, extents = 2 ** (levels - 1), {}
    generator = np.random.default_rng(0)
    for trial in range(10):
        keras.utils.set_random_seed(trial)
        model = s.network((side, side, 1), 1, 4, levels=levels)
        x = tf.constant(generator.normal(size=(1, side, side, 1)).astype("float32"))
        for phase in range(block):
            at = side // 2 + phase
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = model(x, training=False)[0, at, at, 0]
            slope = np.asarray(tape.gradient(y, x))[0, ..., 0]
            touched = np.flatnonzero(np.abs(slope).sum(axis=1))
            before, after = at - touched[0], touched[-1] - at
            old = extents.get(phase, (0, 0))
            extents[phase] = int(max(old[0], before)), int(max(old[1], after))
    return [extents[phase] for phase in range(block)]


def energy(model: keras.Model, image: np.ndarray) -> list[float]:
    """Share of the gradient's size that lies near the output pixel."""
    x = tf.constant(image[None, :128, :128])
    shares = []
    for place in np.random.default_rng(0).integers(40, 88, (64, 2)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = model(x, training=False)[0, place[0], place[1], 0]
        size = np.abs(np.asarray(tape.gradient(y, x))[0, ..., 0])
        far = np.max(np.abs(np.indices(size.shape) - place[:, None, None]), axis=0)
        shares.append([size[far <= limit].sum() / size.sum() for limit in (4, 8, 12, 16)])
    return np.round(np.mean(shares, axis=0), 3).tolist()


def starts(length: int, step: int) -> list[int]:
    """Where tiles begin along an axis: every step, the last one moved back."""
    return sorted({*range(0, length - TILE, step), length - TILE})


def tiles(shape: tuple[int, ...], step: int) -> Iterator[tuple[int, int]]:
    """Where tiles begin."""
    return ((top, left) for top in starts(shape[0], step) for left in starts(shape[1], step))


def tiled(model: keras.Model, image: np.ndarray, overlap: int) -> np.ndarray:
    """Probabilities of an (H, W, 1) image; later tiles leave the margin of earlier ones alone."""
    found = np.full(image.shape, np.nan, "float32")
    for top, left in tiles(image.shape, TILE - overlap):
        answer = s.probabilities(model, image[None, top : top + TILE, left : left + TILE])[0]
        down, right = (overlap // 2 if start else 0 for start in (top, left))
        found[top + down : top + TILE, left + right : left + TILE] = answer[down:, right:]
    return found


def main(seeds: int) -> None:
    fields = {}
    for levels in (2, 3, 4):
        block = 2 ** (levels - 1)
        computed = [reach(levels, phase) for phase in range(block)]
        measured = measured_reach(levels)
        fields[levels] = {"computed": computed, "measured": measured}
    sizes = [5]
    for level in range(1, 4):
        sizes.append(sizes[-1] + 2 ** (level - 1) + 2 * 2 * 2**level)
    print(fields, sizes, flush=True)
    found: dict[str, Any] = {"receptive_field": fields, "encoder": sizes}
    rows: dict[str, list] = {"energy": [], "tiles": [], "overlaps": [], "shifts": []}
    strip, _ = datasets.nuclei_strip("train")
    images, masks = datasets.nuclei("train")
    inner = np.full(strip.shape[:2], 99)
    for axis in (0, 1):
        edges = np.arange(TILE, strip.shape[axis], TILE)
        places = np.arange(strip.shape[axis])[:, None]
        near = np.minimum(abs(places - edges), abs(places - edges + 1)).min(axis=1)
        inner = np.minimum(inner, near[:, None] if axis == 0 else near[None, :])
    for seed in range(seeds):
        crop = s.network((None, None, 1))
        model, _, _ = s.train(crop, images, masks, 200, seed, s.cross_entropy_and_dice)
        whole = s.probabilities(model, strip[None])[0]
        rows["energy"].append(energy(model, strip))
        differences = abs(tiled(model, strip, 0) - whole)[..., 0]
        changed = (tiled(model, strip, 0) > 0.5)[..., 0] != (whole > 0.5)[..., 0]
        rows["tiles"].append(
            {
                "largest": [round(float(differences[inner == d].max()), 4) for d in range(NEAREST)],
                "mean": [round(float(differences[inner == d].mean()), 5) for d in range(NEAREST)],
                "changed": [round(float(changed[inner == d].mean()), 5) for d in range(NEAREST)],
            }
        )
        by_overlap = {}
        for overlap in (0, 8, 16, 24, 32, 40):
            off = abs(tiled(model, strip, overlap) - whole)
            by_overlap[overlap] = [float(f"{v:.3g}") for v in (off.max(), off.mean())]
        rows["overlaps"].append(by_overlap)
        by_shift = {}
        for shift in (1, 2, 3, 4, 8):
            later = s.probabilities(model, strip[None, shift:])[0]
            by_shift[shift] = float(f"{abs(later - whole[shift:])[32:-32].mean():.3g}")
        rows["shifts"].append(by_shift)
        print({key: values[-1] for key, values in rows.items()}, flush=True)
    script = "tests/evidence/segmentation_tiles.py"
    about = " ".join(ABOUT.split())
    print(store("segmentation-tiles", about, script, list(range(seeds)), **found, **rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
