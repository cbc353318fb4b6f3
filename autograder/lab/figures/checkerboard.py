"""The figures of notebook 04; those that other notebooks have too stand in `shared`."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from autograder.lab import oracle
from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    GRAY,
    LINE_COLORS,
    WIDEST,
    add_sliders,
    color_scale,
    finish,
    image_row,
    number_grids,
    panels,
    picture,
    picture_rows,
)

_MARKERS = ("o-", "s--", "^-.", "v:")


def image_and_spectrum(image: np.ndarray, finding: str) -> None:
    """An image, a part of it enlarged, and its spectrum.

    Args:
        image: (H, W), H and W at least 32.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, 3, figsize=(WIDEST, 2.9), layout="compressed")
    picture(axes[0], image, "the image", cmap="gray")
    middle = [n // 2 - 8 for n in image.shape]
    part = image[middle[0] : middle[0] + 16, middle[1] : middle[1] + 16]
    picture(axes[1], part, "16x16 pixels of it", cmap="gray")
    power = np.abs(np.fft.fftshift(np.fft.fft2(image - image.mean())))
    shown = axes[2].imshow(
        np.log10(power / power.max() + 1e-4), cmap="cividis", extent=(-0.5, 0.5, 0.5, -0.5)
    )
    color_scale(shown, "amplitude, powers of ten")
    ticks = [-0.5, -0.25, 0, 0.25, 0.5]
    axes[2].set(xlabel="cycles per pixel, across", xticks=ticks)
    axes[2].set(ylabel="cycles per pixel, down", yticks=ticks)
    axes[2].set_title("its spectrum", fontsize=9)
    axes[2].set_anchor("N")
    finish(finding)


def with_part(images: Mapping[str, np.ndarray], window: tuple[int, int, int], finding: str) -> None:
    """A row of gray images, and below each a square part of it, stretched to one contrast.

    Args:
        images: Name -> (H, W), gray values from 0 to 1.
        window: First row and column of the part, and its side.
        finding: The figure's title.
    """
    top, left, side = window
    part = np.s_[top : top + side, left : left + side]
    low, high = np.percentile(np.stack([image[part] for image in images.values()]), [2, 98])
    _, axes = plt.subplots(2, len(images), figsize=(WIDEST, 4.4), layout="compressed")
    for (name, image), above, below in zip(images.items(), *axes, strict=True):
        picture(above, image, name, cmap="gray", vmin=0, vmax=1)
        square = ((left, top), side, side)
        above.add_patch(Rectangle(*square, fill=False, edgecolor=LINE_COLORS[1], linewidth=1.5))
        title = f"{side}x{side} pixels, stretched"
        picture(below, image[part], title, cmap="gray", vmin=low, vmax=high)
    finish(finding)


def slopes(lines: Mapping[str, np.ndarray], finding: str) -> None:
    """Differences from one pixel to the next, a panel for each line.

    Args:
        lines: Name -> (N,) differences.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(lines), figsize=(WIDEST, 3.0), sharey=True)
    for axis, (name, values) in zip(axes, lines.items(), strict=True):
        axis.axhline(0, color=GRAY, linewidth=0.8)
        axis.plot(values, "o-", color=LINE_COLORS[0], markersize=5)
        axis.set(xlabel="output row", title=name)
    axes[0].set(ylabel="difference to the next row")
    finish(finding)


def falling(lengths: Sequence[float], grids: Mapping[str, np.ndarray], finding: str) -> None:
    """The grid on waves against their length, both on logarithmic scales.

    Args:
        lengths: Of the waves, in output pixels.
        grids: Name of a kernel -> the grid's size for each length.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(7.4, 3.6))
    for (name, values), color, marker in zip(grids.items(), LINE_COLORS, _MARKERS, strict=False):
        axis.loglog(lengths, values, marker, color=color, label=name)
    axis.set(xlabel="length of the wave, pixels", ylabel="grid, relative to the wave",
             title=finding)  # fmt: skip
    axis.set_xticks(lengths, [f"{length:g}" for length in lengths])
    axis.minorticks_off()
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    finish()


def overlap_explorer() -> None:
    """How stamps pile up on a line and on an area: four settings; a live notebook adds sliders."""
    stills = [(3, 2), (5, 2), (4, 2), (2, 2)]
    _, axes = plt.subplots(2, len(stills), figsize=(WIDEST, 4.6))
    for column, (size, stride) in enumerate(stills):
        _draw_overlap(axes[:, column], size, stride)
    finish("Kernel 3 or 5 at stride 2 piles up unevenly; kernel 4 or 2 does not")

    def show(kernel: int = 3, stride: int = 2) -> None:
        _, live_axes = plt.subplots(1, 2, figsize=(7.2, 3.4))
        _draw_overlap(live_axes, kernel, stride)
        finish()

    add_sliders(show, kernel=(1, 8), stride=(1, 4))


def _draw_overlap(axes: Sequence[Axes], size: int, stride: int) -> None:
    """Six stamps on a line, each a bar on top of those before it; then the map of 6x6 stamps."""
    line, area = axes
    length = 5 * stride + size
    height = np.zeros(length)
    for index in range(6):
        covered = np.arange(index * stride, index * stride + size)
        line.bar(covered, np.ones(size), bottom=height[covered], width=1.0, edgecolor="white",
                 linewidth=0.6, color=LINE_COLORS[index % 2],
                 hatch="" if index % 2 else "//")  # fmt: skip
        height[covered] += 1
    line.set(title=f"kernel {size}, stride {stride}", xlabel="output pixel", ylabel="stamps",
             ylim=(0, max(4.5, height.max() + 0.5)))  # fmt: skip
    line.title.set_fontsize(9)
    ones = oracle.conv2d_transpose(np.ones((6, 6)), np.ones((size, size)), stride)
    area.imshow(ones[:length, :length], cmap="cividis", vmin=0)
    ticks = range(0, length, 5)
    area.set(xlabel="column", ylabel="row", xticks=ticks, yticks=ticks)


def score_bars(scores: Mapping[str, float], finding: str, limit: float | None = None) -> None:
    """One horizontal bar for each name, from 0 to 1.

    Args:
        scores: Name -> score.
        finding: The figure's title.
        limit: Where a dashed line stands.
    """
    _, axis = plt.subplots(figsize=(8.2, 0.34 * len(scores) + 1.5))
    prone = [limit is not None and score > limit for score in scores.values()]
    axis.barh(list(scores), list(scores.values()), edgecolor="black", height=0.7,
              color=[LINE_COLORS[1] if p else LINE_COLORS[0] for p in prone],
              hatch=["//" if p else "" for p in prone])  # fmt: skip
    for row, score in enumerate(scores.values()):
        axis.text(max(score, limit or 0) + 0.01, row, f"{score:.2f}", va="center", fontsize=9)
    if limit is not None:
        axis.axvline(limit, color="black", linestyle="--", linewidth=1)
    axis.set(xlabel="checkerboard score", xlim=(0, 1.08))
    axis.invert_yaxis()
    finish(finding)


def score_strips(scores: Mapping[str, Sequence[float]], finding: str) -> None:
    """One column of points for each name, with a bar at the mean.

    Args:
        scores: Name -> scores.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(7.4, 3.2))
    for column, values in enumerate(scores.values()):
        spread = np.linspace(-0.18, 0.18, len(values))
        axis.plot(column + spread, values, ".", color=LINE_COLORS[0], markersize=4)
        axis.hlines(np.mean(values), column - 0.3, column + 0.3, color="black", linewidth=2.5)
    axis.set_xticks(range(len(scores)), scores)
    axis.set(ylabel="checkerboard score", ylim=(-0.05, 1.05))
    finish(finding)


def seeds(scores: Mapping[str, Sequence[float]], limit: float, finding: str) -> None:
    """One row of points for each name, one point for each seed, with a bar at the mean.

    Args:
        scores: Name -> scores from 0 to 1.
        limit: Where a dashed line stands.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(8.2, 0.42 * len(scores) + 1.3))
    for row, values in enumerate(scores.values()):
        color = LINE_COLORS[int(np.mean(values) > limit)]
        axis.plot(values, np.full(len(values), row), "o", color=color, markersize=5, alpha=0.7)
        axis.vlines(np.mean(values), row - 0.3, row + 0.3, color="black", linewidth=2.5)
    axis.axvline(limit, color="black", linestyle="--", linewidth=1)
    axis.set_yticks(range(len(scores)), scores)
    axis.set(xlabel="grid_score, one point for each seed", xlim=(-0.02, 1))
    axis.invert_yaxis()
    finish(finding)


def after_training(
    steps: Sequence[int], families: Mapping[str, Mapping[str, np.ndarray]], finding: str
) -> None:
    """The grid score along training, a panel for each family of upsamplers.

    Args:
        steps: Numbers of training steps.
        families: Name of a family -> name of an upsampler -> (seeds, steps) scores from 0 to 1;
            a line is the mean over the seeds, and the band around it reaches from the lowest to the
            highest.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(families), figsize=(WIDEST, 4.1), sharey=True)
    for axis, (family, members) in zip(axes, families.items(), strict=True):
        for (name, runs), color, marker in zip(
            members.items(), LINE_COLORS, _MARKERS, strict=False
        ):
            axis.fill_between(range(len(steps)), runs.min(0), runs.max(0), color=color, alpha=0.2)
            axis.plot(runs.mean(0), marker, color=color, label=name)
        axis.set_xticks(range(len(steps)), [f"{step:,}" for step in steps])
        axis.set(xlabel="training steps", title=family, ylim=(-0.03, 1.03))
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False, labelcolor=GRAY)
    axes[0].set(ylabel="grid_score in smooth parts")
    finish(finding)


def maps(matrices: Sequence[np.ndarray], titles: Sequence[str], finding: str) -> None:
    """Color maps side by side, each on the scale from 0 to its own largest value.

    Args:
        matrices: (H, W), not negative.
        titles: One for each.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(matrices), figsize=(WIDEST / 3 * len(matrices), 3.2))
    for axis, matrix, title in zip(axes, matrices, titles, strict=True):
        axis.imshow(matrix, cmap="cividis", vmin=0)
        axis.set_title(title, fontsize=9)
        rows, columns = (range(0, n, 4) for n in matrix.shape)
        axis.set(xlabel="column", ylabel="row", xticks=columns, yticks=rows)
    finish(finding)


def reliefs(rows: Mapping[str, np.ndarray], finding: str) -> None:
    """Height maps under a lamp at the upper left: what is shown is their slope.

    Args:
        rows: Name -> (N, H, W, 1) heights.
        finding: The figure's title.
    """
    count = len(next(iter(rows.values())))
    _, axes = panels(len(rows), count, 1.4, names=0.7, titles=0)
    slopes = {
        name: [np.add(*np.gradient(x[..., 0])) for x in group] for name, group in rows.items()
    }
    picture_rows(axes, slopes, cmap="gray", vmin=-0.35, vmax=0.35)
    finish(finding)


def before_and_after(
    measures: Mapping[str, tuple[float, float]], names: tuple[str, str], finding: str
) -> None:
    """Pairs of bars, each pair relative to its first.

    Args:
        measures: What was measured -> (before, after).
        names: Of before and after.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(7.0, 3.2))
    places = np.arange(len(measures))
    for offset, index, hatch in [(-0.19, 0, "//"), (0.19, 1, "")]:
        shares = [pair[index] / pair[0] for pair in measures.values()]
        axis.bar(places + offset, shares, 0.36, label=names[index], hatch=hatch, edgecolor="black",
                 color=LINE_COLORS[1 - index])  # fmt: skip
    axis.set_xticks(places, list(measures))
    axis.set(ylabel=f"relative to {names[0]}", ylim=(0, 1.35))
    axis.legend(loc="upper right", ncols=2)
    finish(finding)
