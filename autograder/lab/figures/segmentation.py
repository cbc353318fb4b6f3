"""The figures of notebook 03; those that other notebooks have too stand in `shared`."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Patch

from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    GRAY,
    LINE_COLORS,
    finish,
    image_row,
    number_grids,
    panels,
    picture,
    picture_rows,
)

# Four brightnesses, so that the outcomes differ in grayscale, too.
_OUTCOMES = {"right, background": "white", "right, object": "#DCDCDC",
             "invented": "#D55E00", "missed": "#00304D"}  # fmt: skip
_CLASSES = ListedColormap(["#000000", "#FBF3A0", "#00428A", "#C65300", "#D080B0", "#9ADBF7"])
_MARKERS = ("o-", "s--", "^-.", "v:")


def outlines(images: np.ndarray, masks: np.ndarray, finding: str) -> None:
    """Two rows: images, and the same images with the outlines of their masks.

    Args:
        images: (N, H, W, 1), shown between their darkest and brightest pixel.
        masks: (N, H, W, 1), 0 and 1.
        finding: The figure's title.
    """
    _, axes = panels(2, len(images), 1.3, names=0.9, titles=0)
    picture_rows(axes, {"image": images, "with outlines": images}, cmap="gray")
    for axis, mask in zip(axes[1], masks, strict=True):
        axis.contour(mask[..., 0], [0.5], colors=["#F0E442"], linewidths=1.3)
    finish(finding)


def outcomes(
    images: np.ndarray, masks: np.ndarray, answers: Mapping[str, np.ndarray], finding: str
) -> None:
    """A row of images, and for each answer a row that colors what is right, invented and missed.

    Args:
        images: (N, H, W, 1).
        masks: (N, H, W, 1), 0 for the background.
        answers: Name -> (N, H, W, 1), like `masks`.
        finding: The figure's title.
    """
    # 0 right background, 1 right object, 2 invented, 3 missed or mistaken for another class
    shown = {name: (masks > 0) + 2 * (masks != answer) for name, answer in answers.items()}
    norm = BoundaryNorm([-0.5, 0.5, 1.5, 2.5, 3.5], 4)
    colors = {"cmap": ListedColormap(list(_OUTCOMES.values())), "norm": norm}
    key = [Patch(facecolor=c, edgecolor=GRAY, label=n) for n, c in _OUTCOMES.items()]
    _draw_rows({"image": images}, shown, {}, colors, key, finding)


def _draw_rows(
    images: Mapping[str, np.ndarray],
    masks: Mapping[str, np.ndarray],
    gray: Mapping[str, Any],
    colors: Mapping[str, Any],
    key: list[Patch],
    finding: str,
) -> None:
    """A gray row of images, then rows of masks in colors that the legend `key` explains."""
    figure, axes = panels(
        1 + len(masks), len(next(iter(images.values()))), 1.3, names=1.1, titles=0.1
    )
    picture_rows(axes[:1], images, cmap="gray", **gray)
    picture_rows(axes[1:], masks, interpolation="nearest", **colors)
    figure.legend(
        handles=key, loc="outside lower center", ncols=len(key), frameon=False, labelcolor=GRAY
    )
    finish(finding)


def dice_against_iou(ious: np.ndarray, dices: np.ndarray) -> None:
    """Pairs of scores of the same masks, and the line on which they would be equal.

    Args:
        ious: (N,)
        dices: (N,)
    """
    _, axis = plt.subplots(figsize=(4.6, 3.6))
    axis.plot([0, 1], [0, 1], "--", color="black", linewidth=1, label="Dice = IoU")
    axis.plot(ious, dices, "o", color=LINE_COLORS[0], label="one pair of masks")
    axis.set(xlabel="IoU", ylabel="Dice", xlim=(0, 1.03), ylim=(0, 1.03),
             title="Two scores, one curve: the order is the same")  # fmt: skip
    axis.legend(loc="lower right")
    finish()


def learning_curves(histories: Mapping[str, Sequence[tuple[float, float]]], finding: str) -> None:
    """IoU on held-back images against the seconds of training.

    Args:
        histories: Name -> pairs of (seconds, IoU).
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(6.4, 3.4))
    for (name, history), color, marker in zip(
        histories.items(), LINE_COLORS, _MARKERS, strict=False
    ):
        axis.plot(*zip(*history, strict=True), marker, color=color, markersize=4, label=name)
    axis.set(xlabel="seconds of training", ylabel="IoU, held-back images", ylim=(0, 1),
             xlim=(0, None), title=finding)  # fmt: skip
    axis.legend(loc="lower right")
    finish()


def error_shares(shares: Mapping[str, Sequence[float]], places: Sequence[str]) -> None:
    """Share of wrong pixels in several places, for each network.

    Args:
        shares: Name of a network -> a share between 0 and 1 for each place.
        places: Where the pixels lie.
    """
    title = "Both networks fail at rims, and most where nuclei touch"
    _bars(shares, places, 6.4, ylabel="share of wrong pixels", title=title)


def class_scores(scores: Mapping[str, Sequence[float]], names: Sequence[str]) -> None:
    """IoU of each class on held-back scenes, for each network.

    Args:
        scores: Name of a network -> an IoU for each class.
        names: Of the classes.
    """
    title = "The ground is easy; garments that look alike are not"
    _bars(scores, names, 7.2, ylabel="IoU, held-back scenes", title=title)


def _bars(
    values: Mapping[str, Sequence[float]], names: Sequence[str], inches: float, **axis_settings: Any
) -> None:
    """A group of bars for each name, from 0 to 1 unless `axis_settings` say otherwise."""
    _, axis = plt.subplots(figsize=(inches, 3.2))
    width = 0.8 / len(values)
    for number, ((label, heights), color, hatch) in enumerate(
        zip(values.items(), LINE_COLORS, ["", "///", "..."], strict=False)
    ):
        places = np.arange(len(names)) + (number - (len(values) - 1) / 2) * width
        axis.bar(places, heights, width, color=color, hatch=hatch, edgecolor="white", label=label)
    axis.set_xticks(range(len(names)), names)
    axis.legend()
    axis.set(**{"ylim": (0, 1), **axis_settings})
    finish()


def momentum(scores: Mapping[str, tuple[float, float]]) -> None:
    """IoU with the statistics of the batch, and with the moving averages, for each momentum.

    Args:
        scores: Momentum, as text -> the two scores.
    """
    values = {f"momentum {name}": pair for name, pair in scores.items()}
    names = ["statistics of the batch\n(as in training)", "moving averages\n(as in use)"]
    title = "After a short training, slow averages lag behind"
    _bars(values, names, 6.0, ylabel="IoU, held-back images", title=title, ylim=(0, 1.25),
          yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])  # fmt: skip


def empty_answer(shares: Sequence[float], losses: Mapping[str, Sequence[float]]) -> None:
    """Loss of an answer without any object, against the share of object pixels.

    Args:
        shares: Of object pixels in the mask.
        losses: Name of a loss -> its value for each share.
    """
    _, axis = plt.subplots(figsize=(6.0, 3.2))
    for (name, values), color, marker in zip(losses.items(), LINE_COLORS, _MARKERS, strict=False):
        axis.plot(shares, values, marker, color=color, markersize=4, label=name)
    axis.set(xlabel="share of pixels in the object", ylabel="loss", xscale="log", ylim=(0, None),
             title="Small objects hardly count in cross-entropy; in Dice they do")  # fmt: skip
    axis.legend(loc="center left")
    finish()


def scenes(
    images: np.ndarray, rows: Mapping[str, np.ndarray], names: Sequence[str], finding: str
) -> None:
    """A row of scenes and rows of class masks below it.

    Args:
        images: (N, H, W, 1).
        rows: Name -> masks, (N, H, W, 1).
        names: Of the classes, for the legend.
        finding: The figure's title.
    """
    key = [Patch(facecolor=_CLASSES(i), edgecolor=GRAY, label=name) for i, name in enumerate(names)]
    gray, colors = {"vmin": 0, "vmax": 1}, {"cmap": _CLASSES, "vmin": -0.5, "vmax": 5.5}
    _draw_rows({"scene": images}, rows, gray, colors, key, finding)
