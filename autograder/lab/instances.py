"""Objects in masks, each with a label of its own: right results and those of known mistakes.

The checks of `inside_and_border` and `match_instances` ask it. Two label maps are made of a table
of overlaps: what matches is read from the table, and so is what a mistake makes of it.
"""

from collections.abc import Callable

import numpy as np

from autograder.lab import oracle
from autograder.lab.causes import Mistakes

_CROSS = np.array([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])
_SQUARE = np.ones((3, 3))
# In any order, with gaps, and some of them in both maps.
_TRUE_LABELS = np.array([0, 4, 1, 9, 2, 30, 17, 6, 120, 5, 44, 3, 71])
_LABELS = np.array([0, 1, 9, 4, 60, 2, 33, 17, 5, 126, 8, 30, 7])


def label_map(
    generator: np.random.Generator, shape: tuple[int, int], objects: int, dtype: str = "int64"
) -> np.ndarray:
    """A random label map: rectangles and ellipses that touch, cover one another and are cut off.

    An object may be covered in its middle, so that it has two parts, or altogether.

    Args:
        generator: Draws places, sizes and labels.
        shape: Height and width.
        objects: How many are placed.
        dtype: Of the labels; they are large where it is large.
    """
    rows, columns = np.indices(shape)
    largest = min(np.iinfo(dtype).max, 10**12)
    labels = np.unique(generator.integers(1, largest, objects, endpoint=True))
    found = np.zeros(shape, dtype)
    for number, label in enumerate(generator.permutation(labels)):
        top, left = (generator.integers(n) for n in shape)
        height, width = (1 + generator.integers(max(n // 2, 2)) for n in shape)
        down, right = (rows - top) / height, (columns - left) / width
        inside = np.maximum(abs(down), abs(right)) if number % 2 else np.hypot(down, right)
        found[inside < 1] = label
    return found


def telling_maps() -> list[np.ndarray]:
    """A few label maps with large objects, on which misconceptions differ."""
    return [label_map(np.random.default_rng(seed), (7, 8), 5, "uint8") for seed in range(4)]


def inside_and_outline(*, instances: np.ndarray) -> np.ndarray:
    """1 inside objects, 2 along their outlines, by Keras' convolution of each object's mask."""
    border = np.full(instances.shape, False)
    for label in np.unique(instances[instances != 0]):
        border |= _has_others(instances == label, _CROSS)
    return _three_classes(instances, border)


def wrong_outlines(instances: np.ndarray) -> Mistakes:
    """What misconceptions make of a label map."""
    right, objects = inside_and_outline(instances=instances), instances != 0
    merged = _three_classes(instances, objects & _has_others(objects, _CROSS))
    corners = np.zeros(instances.shape, bool)
    for label in np.unique(instances[objects]):
        corners |= _has_others(instances == label, _SQUARE)
    near = ~objects & _has_others(~objects, _CROSS)  # background beside an object
    between = _has_neighbors(instances, lambda other, own: (other != own) & (other != 0))
    around = np.zeros(instances.shape, bool)
    around[[0, -1]] = around[:, [0, -1]] = True
    vertical, horizontal = (np.diff(instances, axis=axis) != 0 for axis in (0, 1))
    above, below, before, behind = (np.zeros(instances.shape, bool) for _ in range(4))
    above[1:], below[:-1], before[:, 1:], behind[:, :-1] = (
        vertical,
        vertical,
        horizontal,
        horizontal,
    )
    rolled = [np.roll(instances, step, axis) for axis in (0, 1) for step in (-1, 1)]
    wrapped = np.any([neighbors != instances for neighbors in rolled], axis=0)
    inner = right == 1
    return {
        "touching-merged": merged,
        "eight-neighbors": _three_classes(instances, corners),
        "background-bordered": np.where(near, 2, right),
        "outside": np.where(near, 2, objects),
        "only-between-objects": _three_classes(instances, between),
        "image-edge": _three_classes(instances, (right == 2) | around),
        "wrapped": _three_classes(instances, wrapped),
        "half-of-the-neighbors": [
            _three_classes(instances, one | other)
            for one in (above, below)
            for other in (before, behind)
        ],
        "one-axis": [
            _three_classes(instances, above | below),
            _three_classes(instances, before | behind),
        ],
        "smaller-labels-only": [
            _three_classes(instances, _has_neighbors(instances, compare))
            for compare in (np.less, np.greater)
        ],
        "swapped": np.where(right > 0, 3 - right.astype("int64"), 0),
        "inside-keeps-labels": np.where(inner, instances, right),
        "border-only": [(right == 2).astype("uint8"), np.where(right == 2, 2, 0)],
        "inside-only": inner.astype("uint8"),
    }


def _has_neighbors(instances: np.ndarray, compare: Callable[..., np.ndarray]) -> np.ndarray:
    """Whether a comparison with one of the four neighbors is true."""
    wide, inner = np.pad(instances, 1, mode="edge"), (slice(1, -1),) * 2
    around = [np.roll(wide, step, axis)[inner] for axis in (0, 1) for step in (-1, 1)]
    return np.any([compare(neighbor, instances) for neighbor in around], axis=0)


def _three_classes(instances: np.ndarray, border: np.ndarray) -> np.ndarray:
    return np.where(instances == 0, 0, 1 + border).astype("uint8")


def _has_others(same: np.ndarray, neighbors: np.ndarray) -> np.ndarray:
    """Whether a pixel that is in a mask has a neighbor inside the image that is not."""
    inside, everywhere = (
        oracle.conv2d(np.pad(mask.astype("float64"), 1), neighbors, stride=1)
        for mask in (same, np.ones(same.shape))
    )
    return same & (inside < everywhere - 0.5)


def maps_of(overlaps: np.ndarray, width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Two label maps, (H, width) each, with these overlaps.

    Args:
        overlaps: Pixels that an object of the first map, in a row, and one of the second map, in
            a column, have in common; row and column 0 are the background. The background is
            filled up until the last row of the maps is full.
        width: Of the maps.
        dtype: Of the labels.

    Raises:
        ValueError: There are more objects than labels.
    """
    if max(overlaps.shape) > len(_LABELS):
        raise ValueError("there are not so many labels")
    counts = _filled(overlaps, width)
    numbers = np.repeat(np.arange(counts.size), counts.ravel())
    order = (7 * np.arange(len(numbers)) // 5) % max(len(numbers), 1)  # objects have several parts
    numbers = numbers[np.argsort(order, kind="stable")].reshape(-1, width)
    rows, columns = np.divmod(numbers, counts.shape[1])
    return _TRUE_LABELS[rows].astype(dtype), _LABELS[columns].astype(dtype)


def _filled(overlaps: np.ndarray, width: int) -> np.ndarray:
    """The table of overlaps with so much background that the last row of the maps is full."""
    counts = overlaps.copy()
    counts[0, 0] += -counts.sum() % width
    return counts


# One pair each, of which shares of areas, Dice score and IoU lie on different sides of thresholds.
TELLING_TABLES = [
    np.array(table)
    for table in (
        [[3, 2], [0, 2]],  # IoU 1/2
        [[3, 0], [1, 3]],  # 3/4
        [[3, 2], [1, 3]],  # 1/2, shares of 3/4 and 3/5
        [[3, 4], [0, 3]],  # 3/7, the true object all covered
        [[3, 0], [4, 3]],  # 3/7, the predicted object all covered
        [[3, 5], [5, 1]],  # 1/11
        [[9, 1, 1, 1], [1, 4, 0, 1], [0, 1, 5, 0]],
    )
]


def random_overlaps(
    generator: np.random.Generator, objects: int, others: int, largest: int = 40
) -> np.ndarray:
    """A table of overlaps, for `maps_of`, in which some pairs overlap much and some hardly."""
    overlaps = generator.integers(0, 3, (objects + 1, others + 1))
    pairs = min(objects, others)
    places = 1 + np.arange(pairs), 1 + generator.permutation(others)[:pairs]
    overlaps[places] = generator.integers(0, largest, pairs)
    overlaps[1:, 0] += generator.integers(0, largest // 4, objects)
    overlaps[0, 1:] += generator.integers(0, largest // 4, others)
    overlaps[0, 0] = generator.integers(1, 2 * largest)
    return overlaps


def counted(
    overlaps: np.ndarray, *, threshold: float | None = None, width: int = 1
) -> tuple[int, int, int]:
    """How many objects of both maps match, and how many of either map match none.

    The maps' width makes no difference.

    Raises:
        ValueError: The exercise has no such threshold.
    """
    del width
    limit = 0.5 if threshold is None else threshold
    objects = overlaps.sum(axis=1)[1:], overlaps.sum(axis=0)[1:]
    if not 0.5 <= limit < 1 or not all(pixels.all() for pixels in objects):
        raise ValueError("the threshold is none, or an object has no pixels")
    return _counts(overlaps, _ious(overlaps) > limit)


def wrong_counts(overlaps: np.ndarray, threshold: float | None, width: int) -> Mistakes:
    """What misconceptions make of the two maps."""
    limit = 0.5 if threshold is None else threshold
    right, ious = counted(overlaps, threshold=threshold), _ious(overlaps)
    hits, extra, missing = right
    areas, others = (overlaps.sum(axis=axis) for axis in (1, 0))
    inner = overlaps[1:, 1:]
    matched = inner.sum(), overlaps[0, 1:].sum(), overlaps[1:, 0].sum()
    largest = [
        int(labels[: len(n)].max()) for labels, n in [(_TRUE_LABELS, areas), (_LABELS, others)]
    ]
    everything = _filled(overlaps, width)
    sums = everything.sum(axis=1, keepdims=True), everything.sum(axis=0)
    found = int((everything / (sums[0] + sums[1] - everything) > limit).sum())
    labels = [int((pixels > 0).sum()) for pixels in sums]  # the background's among them
    dice = 2 * inner / (areas[1:, None] + others[1:])
    same = _TRUE_LABELS[1 : len(areas), None] == _LABELS[1 : len(others)]
    whole = inner.sum() / max(overlaps.sum() - overlaps[0, 0], 1) > limit
    return {
        "at-the-threshold": _counts(overlaps, ious >= limit),
        "threshold-ignored": _counts(overlaps, ious > 0.5),
        "any-overlap": [
            _counts(overlaps, inner > 0),
            _one_each(overlaps, inner > 0),
        ],
        "share-of-an-object": [
            _counts(overlaps, inner / areas[1:, None] > limit),
            _counts(overlaps, inner / others[1:] > limit),
            _one_each(overlaps, inner / areas[1:, None] > limit),
            _one_each(overlaps, inner / others[1:] > limit),
        ],
        "dice": [_counts(overlaps, dice > limit), _one_each(overlaps, dice > limit)],
        "pixels": tuple(int(n) for n in matched),
        "background-counts": (found, labels[1] - found, labels[0] - found),
        "gaps-count": (hits, largest[1] - hits, largest[0] - hits),
        "same-labels": _counts(overlaps, (ious > limit) & same),
        "whole-image": (int(whole), int(not whole), int(not whole)),
        "swapped": [(hits, missing, extra), (extra, hits, missing), (missing, extra, hits)],
        "not-subtracted": (hits, len(others) - 1, len(areas) - 1),
    }


def _ious(overlaps: np.ndarray) -> np.ndarray:
    """IoU of each object of the one map with each of the other."""
    either = overlaps.sum(axis=1)[1:, None] + overlaps.sum(axis=0)[1:] - overlaps[1:, 1:]
    return overlaps[1:, 1:] / either


def _counts(overlaps: np.ndarray, match: np.ndarray) -> tuple[int, int, int]:
    objects, others = (n - 1 for n in overlaps.shape)
    hits = int(match.sum())
    return hits, others - hits, objects - hits


def _one_each(overlaps: np.ndarray, match: np.ndarray) -> tuple[int, int, int]:
    """The counts where an object counts once, however many it matches."""
    objects, others = (n - 1 for n in overlaps.shape)
    hits = int(match.any(axis=1).sum())
    return hits, others - int(match.any(axis=0).sum()), objects - hits
