"""The figures of notebook 03; those that other notebooks have too stand in `shared`."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.ticker import PercentFormatter

from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    GRAY,
    LINE_COLORS,
    WIDEST,
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


def threshold_curve(
    levels: Sequence[float], curves: Mapping[str, Sequence[float]], chosen: float, finding: str
) -> None:
    """IoU against the level of a threshold, for several sets of images.

    Args:
        levels: Of the threshold.
        curves: Name of the images -> an IoU for each level.
        chosen: The level that a dashed line marks.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(6.4, 3.2))
    for (name, values), color, style in zip(curves.items(), LINE_COLORS, ("-", "--"), strict=False):
        axis.plot(levels, values, style, color=color, label=f"{name} images")
    axis.axvline(chosen, color="black", linestyle=":", label=f"chosen: {chosen:.2f}")
    axis.set(xlabel="level: brighter pixels are nuclei", ylabel="IoU of the nuclei", ylim=(0, 1),
             xlim=(0, 1), title=finding)  # fmt: skip
    axis.legend(loc="upper right")
    finish()


def u_drawing() -> None:
    """The U: an encoder going down, a decoder going up, and skip connections between them."""
    figure, axis = plt.subplots(figsize=(WIDEST, 3.9))
    axis.set(xlim=(0, 10.2), ylim=(-0.5, 5.4), xticks=[], yticks=[], facecolor="none")
    axis.set_frame_on(False)
    levels = [(4.2, "H x W", 1), (2.4, "H/2 x W/2", 2), (0.6, "H/4 x W/4", 4)]
    left, right = [0.6, 1.9, 4.1], [8.2, 6.6]

    def box(x: float, y: float, text: str, color: str, width: float = 1.4) -> None:
        patch = FancyBboxPatch((x, y - 0.34), width, 0.68, boxstyle="round,pad=0.04",
                               facecolor=color, edgecolor="black")  # fmt: skip
        axis.add_patch(patch)
        axis.text(x + width / 2, y, text, ha="center", va="center", fontsize=9, color="black")

    def arrow(start: tuple, end: tuple, text: str, color: str, place: tuple, style="-") -> None:
        axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": color,
                      "linewidth": 1.8, "linestyle": style})  # fmt: skip
        axis.text(place[0], place[1], text, ha="center", va="center", fontsize=9, color=GRAY)

    encoder, decoder = "#9ADBF7", "#F6C48F"
    for x, (y, size, factor) in zip(left, levels, strict=True):
        width = 1.9 if factor == 4 else 1.4
        box(x, y, f"{size}\n{factor} x filters", encoder, width)
    for x, (y, size, factor) in zip(right, levels, strict=False):
        box(x, y, f"{size}\n{factor} x filters", decoder)
    arrow((1.4, 3.82), (2.3, 2.8), "pool", LINE_COLORS[0], (1.45, 3.25))
    arrow((2.9, 2.02), (4.3, 1.0), "pool", LINE_COLORS[0], (3.1, 1.4))
    arrow((5.7, 1.0), (7.0, 2.02), "Conv2DTranspose\nby 2", LINE_COLORS[1], (7.3, 1.35))
    arrow((7.5, 2.8), (8.7, 3.82), "Conv2DTranspose\nby 2", LINE_COLORS[1], (9.2, 3.2))
    arrow((3.4, 2.4), (6.5, 2.4), "skip: where the edges are", LINE_COLORS[2], (4.95, 2.62), "--")
    arrow((2.1, 4.2), (8.1, 4.2), "skip: where the edges are", LINE_COLORS[2], (5.1, 4.42), "--")
    axis.text(1.3, 5.0, "image in", ha="center", color=GRAY)
    axis.text(8.9, 5.0, "probabilities out", ha="center", color=GRAY)
    axis.text(5.05, -0.15, "what is there", ha="center", color=GRAY)
    figure.axes[0].set_title("Down, across and up: the last level knows what, the skips know where")
    finish()


def ladder(scores: Mapping[str, Sequence[float]], ceiling: float, finding: str) -> None:
    """One row for each method: a point for each seed, and the ceiling that hand-drawn truth sets.

    Args:
        scores: Name of a method -> its IoUs, one for each seed.
        ceiling: The IoU of the truth with itself, moved by a pixel.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(8.2, 0.42 * len(scores) + 1.3))
    for row, values in enumerate(scores.values()):
        axis.plot(values, np.full(len(values), row), "o", color=LINE_COLORS[0], alpha=0.7)
        axis.vlines(np.mean(values), row - 0.3, row + 0.3, color="black", linewidth=2.5)
    axis.axvline(ceiling, color=LINE_COLORS[1], linestyle="--", label="truth moved by one pixel")
    axis.set_yticks(range(len(scores)), scores)
    axis.set(xlabel="IoU of the nuclei on validation images", xlim=(-0.02, 1))
    axis.legend(loc="lower left")
    axis.invert_yaxis()
    finish(finding)


def mistakes_by_place(
    runs: Mapping[str, Sequence[Mapping[str, float]]], places: Sequence[str], finding: str
) -> None:
    """A panel for each place, a row for each network, and a point for each of its trainings.

    Args:
        runs: Name of a network -> for each training, the share of wrong pixels in each place.
        places: Those to show.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(places), sharex=True, sharey=True, figsize=(WIDEST, 2.1))
    for axis, place in zip(axes, places, strict=True):
        for row, trainings in enumerate(runs.values()):
            shares = [training[place] for training in trainings]
            axis.plot(shares, [row] * len(shares), "o", color=LINE_COLORS[row], alpha=0.7)
            axis.vlines(np.mean(shares), row - 0.3, row + 0.3, color="black", linewidth=2.5)
        axis.set(title=place, ylim=(len(runs) - 0.5, -0.5))
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes[0].set_xlim(0)
    axes[0].set_yticks(range(len(runs)), runs)
    axes[len(axes) // 2].set_xlabel("share of wrong pixels")
    finish(finding)


def label_maps(image: np.ndarray, maps: Mapping[str, np.ndarray], finding: str) -> None:
    """A gray image, and label maps of it in which neighbors differ in color, side by side.

    Args:
        image: (H, W).
        maps: Name -> (H, W) integers, 0 for the background.
        finding: The figure's title.
    """
    colors = ListedColormap(["black", *plt.get_cmap("tab20")(range(20))])
    _, axes = panels(1, 1 + len(maps), 2.8)
    picture(axes[0, 0], image, "image", cmap="gray")
    for axis, (name, labels) in zip(axes[0, 1:], maps.items(), strict=True):
        # Numbers in a row, so that up to twenty objects differ in color, however they are labeled
        _, order = np.unique(labels, return_inverse=True)
        shown = np.where(labels > 0, order.reshape(labels.shape) * 7 % 20 + 1, 0)
        picture(axis, shown, name, cmap=colors, vmin=0, vmax=20, interpolation="nearest")
    finish(finding)


def by_distance(distances: Sequence[int], errors: Sequence[float], finding: str) -> None:
    """An error against the distance from the edge of a tile.

    Args:
        distances: In pixels.
        errors: One for each distance.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(6.4, 3.0))
    axis.semilogy(distances, errors, "o-", color=LINE_COLORS[0], markersize=4)
    axis.set(xlabel="pixels from the tile's edge", ylabel="mean difference in probability",
             title=finding)  # fmt: skip
    finish()


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
