"""Predictions tile by tile: what the check of `predict_tiled` hands over, and what came of it.

The network is one convolution with zeros around each tile, so its results are spoiled up to half of
the overlap from a tile's edge, and only there. What it gives for the whole image at once is the
right result, whichever tiles are chosen.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

_BRIGHTER = 1.0  # added before the convolution, so that zeros around an image are seen

Tiles = list[np.ndarray]


def stitched(
    predict_tiled: Callable[..., Any],
    kernel: np.ndarray,
    image: np.ndarray,
    tile: int,
    overlap: int,
    as_tensor: bool,
) -> tuple[Any, Tiles]:
    """Call an answer with the network that a kernel makes; it runs beside the answer.

    A set-up cell imports it, so that grading can call it in the student's process.

    Args:
        predict_tiled: The answer.
        kernel: Of the network: (k, k, C, K), k odd.
        image: (H, W, C).
        tile: Height and width of what the network takes.
        overlap: For the answer.
        as_tensor: Whether the network gives a tensor instead of an array.

    Returns:
        What the answer returned, and what it called the network with. An array of the wrong shape
        is the last of these, and then nothing was returned.
    """
    seen: Tiles = []

    def predict(x: Any) -> Any:
        seen.append(np.array(x))
        if seen[-1].shape != (1, tile, tile, kernel.shape[2]):
            raise _OfAnotherShape
        given = network(seen[-1], kernel)
        return given if as_tensor else np.asarray(given)

    try:
        return predict_tiled(predict, image, tile, overlap), seen
    except _OfAnotherShape:
        return None, seen


class _OfAnotherShape(Exception):
    """The network takes arrays of another shape."""


def network(x: np.ndarray, kernel: np.ndarray) -> Any:
    """(N, H, W, C) -> (N, H, W, K): a convolution with zeros outside, as a tensor."""
    brighter = np.asarray(x, kernel.dtype) + _BRIGHTER
    return keras.ops.conv(brighter, kernel, padding="same")


def random_kernel(
    generator: np.random.Generator, overlap: int, channels: int, classes: int
) -> np.ndarray:
    """A kernel (k, k, channels, classes) that reaches `overlap // 2` pixels to each side."""
    side = 2 * (overlap // 2) + 1
    return generator.uniform(0.5, 1.5, (side, side, channels, classes))


def place_of(tile: np.ndarray, image: np.ndarray) -> tuple[int, int] | None:
    """Top and left of the window of an image (H, W, C) that a tile (n, n, C) is; None if none."""
    side = len(tile)
    windows = np.lib.stride_tricks.sliding_window_view(image, (side, side), axis=(0, 1))
    close = np.isclose(np.moveaxis(windows, 2, -1), tile, rtol=1e-4, atol=1e-6)
    found = np.argwhere(close.all(axis=(2, 3, 4)))
    return (int(found[0][0]), int(found[0][1])) if len(found) else None


def why_wrong(
    result: np.ndarray, right: np.ndarray, tiles: Tiles, image: np.ndarray, kernel: np.ndarray
) -> str:
    """The kind of what is wrong with a result, as far as the values of the tiles show it.

    Args:
        result: (H, W, K), what came back.
        right: The same, as it should be.
        tiles: What the network was called with, windows of the image.
        image: (H, W, C).
        kernel: Of the network.
    """
    margin, (height, width) = len(kernel) // 2, image.shape[:2]
    close = 1e-4 * np.abs(right).max()
    wrong = ~np.isclose(result, right, rtol=0, atol=close).all(axis=2)  # nan is wrong
    if not wrong.any():
        return ""
    number = np.zeros((height, width), int)
    total = np.zeros(right.shape)
    of_an_edge = np.zeros((height, width), bool)
    for tile in tiles:
        place = place_of(tile[0], image)
        if place is None:
            return "not-a-window"
        window = tuple(slice(start, start + len(tile[0])) for start in place)
        gives = np.asarray(network(tile, kernel))[0]
        number[window] += 1
        total[window] += gives
        of_an_edge[window] |= np.isclose(result[window], gives, rtol=0, atol=close).all(axis=2)
    if (wrong & (number == 0)).any():
        return "uncovered"
    mean = total / np.maximum(number, 1)[..., None]
    for kind, values in {"averaged": mean, "summed": total}.items():
        if np.isclose(result, values, rtol=0, atol=close).all():
            return kind
    empty = (~np.isfinite(result) | (result == 0)).all(axis=2)
    if empty[wrong].all():
        at_the_edge = np.zeros((height, width), bool)
        for rows in (slice(0, margin), slice(height - margin, None)):
            at_the_edge[rows] = True
        for columns in (slice(0, margin), slice(width - margin, None)):
            at_the_edge[:, columns] = True
        return "image-edge-empty" if at_the_edge[wrong].all() else "left-empty"
    return "from-an-edge" if of_an_edge[wrong].all() else ""
