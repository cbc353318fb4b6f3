"""The figures of notebook 05; those that other notebooks have too stand in `shared`."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    LINE_COLORS,
    WIDEST,
    color_scale,
    difference_row,
    finish,
    image_row,
    number_grids,
    panels,
    picture,
    picture_rows,
)

_HATCHES = ("", "//", "..", "xx")  # the bars differ without color, too


def residual(original: np.ndarray, enlarged: np.ndarray) -> None:
    """An image, its enlargement, and what the enlargement lacks, with mid-gray for nothing.

    Args:
        original: (H, W) or (H, W, 1) in [0, 1].
        enlarged: The same shape.
    """
    original, enlarged = np.squeeze(original), np.squeeze(enlarged)
    lacks = original - enlarged
    _, axes = panels(1, 3, 2.4, names=0.6)
    picture(axes[0, 0], original, "original", cmap="gray", vmin=0, vmax=1)
    picture(axes[0, 1], enlarged, "bicubic enlargement", cmap="gray", vmin=0, vmax=1)
    shown = picture(axes[0, 2], lacks, "original - bicubic", cmap="gray", vmin=-0.5, vmax=0.5)
    color_scale(shown)
    finish("What is left to learn: edges and texture, of both signs")


def costs(counts: Mapping[str, float]) -> None:
    """Multiply-adds of upsampling blocks as bars.

    Args:
        counts: Name of the block -> multiply-adds per output pixel over Cin * Cout.
    """
    _, axis = plt.subplots(figsize=(6.6, 0.36 * len(counts) + 1.3))
    kinds = list(dict.fromkeys(name.split()[0] for name in counts))
    for row, (name, count) in enumerate(counts.items()):
        kind = kinds.index(name.split()[0])
        axis.barh(row, count, color=LINE_COLORS[kind], hatch=_HATCHES[kind], edgecolor="white")
        axis.text(count + 0.1, row, f"{count:g}", va="center", fontsize=9)
    axis.set_yticks(range(len(counts)), counts)
    axis.invert_yaxis()
    axis.set(xlabel="multiply-adds per output pixel / (Cin * Cout)",
             title="A stride makes a large kernel cheap", xlim=(0, 10))  # fmt: skip
    finish()


def responses(images: Mapping[str, np.ndarray], finding: str) -> None:
    """Feature maps side by side, each stretched over the whole scale.

    Args:
        images: Title -> (H, W).
        finding: The figure's title.
    """
    _, axes = panels(1, len(images), 2.0, titles=0.4)
    for axis, (title, image) in zip(axes[0], images.items(), strict=True):
        picture(axis, np.squeeze(image), title, cmap="cividis")
    finish(finding)


def enlargements(rows: Mapping[str, np.ndarray], finding: str) -> None:
    """Rows of gray images on the scale from 0 to 1.

    Args:
        rows: Label -> (N, H, W, 1).
        finding: The figure's title.
    """
    count = len(next(iter(rows.values())))
    _, axes = panels(len(rows), count, 1.1, names=0.7, titles=0)
    picture_rows(axes, rows, cmap="gray", vmin=0, vmax=1)
    finish(finding)


def bars(values: Mapping[str, float], label: str, finding: str) -> None:
    """Named numbers as horizontal bars.

    Args:
        values: Name -> number.
        label: Of the horizontal axis.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(7.2, 0.42 * len(values) + 1.3))
    axis.barh(range(len(values)), list(values.values()), color=LINE_COLORS[0])
    axis.axvline(0, color="black", linewidth=1)
    for row, value in enumerate(values.values()):
        axis.text(max(value, 0), row, f" {round(value, 2) + 0:.2f}", va="center", fontsize=9)
    axis.set_yticks(range(len(values)), values)
    axis.margins(x=0.15)
    axis.invert_yaxis()
    axis.set(xlabel=label, title=finding)
    finish()


def comparison(measures: Mapping[str, Sequence[float]], names: Sequence[str], finding: str) -> None:
    """One small bar chart for each measure, with the same colors for the same networks.

    Args:
        measures: Measure -> one number for each network.
        names: Of the networks.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(measures), figsize=(WIDEST, 3.2))
    for axis, (measure, values) in zip(axes, measures.items(), strict=True):
        for place, value in enumerate(values):
            axis.bar(place, value, color=LINE_COLORS[place], hatch=_HATCHES[place],
                     edgecolor="white")  # fmt: skip
            text = f"{value:.2g}" if value < 100 else f"{value:.0f}"
            text = text if value < 1000 else f"{value / 1000:.1f}k"
            axis.text(place, max(value, 0), text, ha="center", va="bottom", fontsize=9)
        axis.set_title(measure, fontsize=9)
        axis.set_xticks(range(len(names)), names, fontsize=9, rotation=25, ha="right")
        axis.set_yticks([])
        axis.margins(y=0.15)
    finish(finding)


def close_ups(
    images: Mapping[str, np.ndarray], box: tuple[int, int, int], name: str, finding: str
) -> None:
    """A square detail of color images side by side, pixel by pixel.

    Args:
        images: Title -> (H, W, 3) in [0, 1].
        box: Top, left and side of the detail.
        name: What is shown.
        finding: The figure's title.
    """
    top, left, side = box
    _, axes = panels(1, len(images), 2.5, names=0.7)
    for axis, (title, image) in zip(axes[0], images.items(), strict=True):
        detail = image[top : top + side, left : left + side]
        picture(axis, np.clip(detail, 0, 1), title, interpolation="nearest")
    axes[0, 0].set_ylabel(name, rotation=0, ha="right", va="center")
    finish(finding)
