"""The figures of notebook 01; those that other notebooks have too stand in `shared`."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from autograder.lab import oracle
from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    LINE_COLORS,
    WIDEST,
    difference_row,
    explore,
    finish,
    image_row,
    number_grids,
    write_numbers,
)


def preview(image: np.ndarray) -> None:
    """What a whole notebook is about: an image, its pixels spread out, and the gaps filled.

    Args:
        image: (H, W) in [0, 1].
    """
    spread = oracle.conv2d_transpose(image, np.ones((1, 1)), 2)[:-1, :-1]
    tent = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])
    filled = oracle.conv2d_transpose(image, tent, 2)
    images = [image, spread, filled]
    names = ["input", "zeros inserted", "after a convolution"]
    titles = [f"{n}, {i.shape[0]}x{i.shape[1]}" for n, i in zip(names, images, strict=True)]
    image_row(images, titles, "Zeros between the pixels, then a convolution")


def sliding_window(padded: np.ndarray, kernel: np.ndarray, result: np.ndarray) -> None:
    """A correlation step by step: the window on its input, and the result so far.

    Args:
        padded: (H, W), what the window slides over; its outer `k - 1` rows and columns are padding.
        kernel: (kh, kw), as the window holds it.
        result: (H-kh+1, W-kw+1).
    """
    height, width = kernel.shape

    def draw(axes: Sequence[Axes], step: int) -> None:
        above, below = axes
        top, left = divmod(step, result.shape[1])
        above.imshow(padded, cmap="cividis")
        for (row, column), value in np.ndenumerate(padded):
            inner = (height - 1 <= row <= padded.shape[0] - height
                     and width - 1 <= column <= padded.shape[1] - width)  # fmt: skip
            inside = top <= row < top + height and left <= column < left + width
            text = f"{value:.3g}" if inner else "·"
            if inside and value:
                text += f"×{kernel[row - top, column - left]:.3g}"
            above.text(column, row, text, ha="center", va="center", fontsize=9 if inner else 13,
                       color="white" if value < padded.max() / 2 else "black")  # fmt: skip
        above.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, fill=False,
                                  edgecolor=LINE_COLORS[1], linewidth=3))  # fmt: skip
        above.set_title(f"step {step}: the window at [{top}, {left}]", fontsize=9)
        done = np.arange(result.size).reshape(result.shape) <= step
        below.imshow(np.where(done, result, np.nan), cmap="cividis", vmin=0, vmax=result.max())
        for (row, column), value in np.ndenumerate(result):
            if done[row, column]:
                below.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=9,
                           color="white" if value < result.max() / 2 else "black")  # fmt: skip
        below.add_patch(Rectangle((left - 0.5, top - 0.5), 1, 1, fill=False,
                                  edgecolor=LINE_COLORS[1], linewidth=3))  # fmt: skip
        below.set_title(f"result [{top}, {left}] = {result[top, left]:.3g}", fontsize=9)
        for axis in axes:
            axis.set(xticks=[], yticks=[], anchor="N")

    last = result.size - 1
    explore(draw, 2, result.size, [0, result.size // 4, result.size // 2, last])


def outlined_stamps(x: np.ndarray, kernel: np.ndarray, stride: int, result: np.ndarray) -> None:
    """A result of stamping with the outline of each stamp, labeled by the pixel that made it.

    Args:
        x: (H, W), four pixels at most.
        kernel: (kh, kw).
        stride: Steps between stamps.
        result: (rows, columns).
    """
    _, axis = plt.subplots(figsize=(4.6, 4.8))
    axis.imshow(result, cmap="cividis")
    write_numbers(axis, result, result.max() / 2, ".3g")
    halo = [withStroke(linewidth=4, foreground="white")]
    styles = zip(np.ndenumerate(x), ("black", *LINE_COLORS[1:]), ["-", "--", "-.", ":"],
                 strict=False)  # fmt: skip
    for index, (((row, column), value), color, style) in enumerate(styles):
        inset = 0.04 + 0.065 * index  # so that no outline hides another
        corner = (column * stride - 0.5 + inset, row * stride - 0.5 + inset)
        width, height = kernel.shape[1] - 2 * inset, kernel.shape[0] - 2 * inset
        axis.add_patch(Rectangle(corner, width, height, fill=False, linewidth=2.5,
                                 edgecolor=color, linestyle=style, path_effects=halo,
                                 label=f"stamp of x[{row}, {column}] = {value:.3g}"))  # fmt: skip
    axis.set(xlabel="column", ylabel="row", xticks=range(result.shape[1]),
             yticks=range(result.shape[0]))  # fmt: skip
    axis.set_title("Where stamps overlap, they add up")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2,
                handlelength=3)  # fmt: skip
    finish()


def same_numbers(views: dict[str, np.ndarray], finding: str) -> None:
    """Matrices that should be equal, in two rows, with their entries, on one color scale.

    Args:
        views: (H, W) arrays of one shape by title; the first one gives the color scale.
        finding: The figure's title.
    """
    first = next(iter(views.values()))
    _, axes = plt.subplots(2, (len(views) + 1) // 2, figsize=(WIDEST, 5.4))
    for axis in axes.ravel()[len(views) :]:
        axis.set_axis_off()
    for axis, (title, matrix) in zip(axes.ravel(), views.items(), strict=False):
        axis.imshow(matrix, cmap="cividis", vmin=first.min(), vmax=first.max())
        write_numbers(axis, matrix, (first.min() + first.max()) / 2, ".4g", fontsize=9)
        axis.set_title(title, fontsize=10)
        axis.set(xticks=[], yticks=[])
    finish(finding)


def matrix_and_transpose(matrix: np.ndarray) -> None:
    """A convolution's matrix and its transpose, one gray cell for each entry.

    Args:
        matrix: (outputs, inputs).
    """
    _, axes = plt.subplots(1, 2, figsize=(WIDEST - 0.5, 4.4), width_ratios=[5, 1])
    shown = [("C: convolution", "pixel of x", "pixel of the output", matrix),
             ("C.T: its transpose", "pixel of y", "pixel of the output",
              matrix.T)]  # fmt: skip
    for axis, (title, across, down, values) in zip(axes, shown, strict=True):
        axis.imshow(values, cmap="cividis", vmin=0)
        axis.set_title(f"{title}, {values.shape[0]}x{values.shape[1]}", fontsize=10)
        rows, columns = (range(0, n, max(1, n // 5)) for n in values.shape)
        axis.set(xlabel=across, ylabel=down, xticks=columns, yticks=rows, anchor="N")
    finish("Each row of C holds the kernel; transposed, each column holds a stamp")


def lengths_table(
    rows: Sequence[str], columns: Sequence[str], lengths: np.ndarray, finding: str
) -> None:
    """Output lengths by setting; brighter is longer.

    Args:
        rows: Names of the rows: paddings.
        columns: Names of the columns: kernel sizes.
        lengths: (rows, columns) whole numbers.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(WIDEST, 0.42 * len(rows) + 1.4))
    axis.imshow(lengths, cmap="cividis", aspect="auto")
    write_numbers(axis, lengths, (lengths.min() + lengths.max()) / 2, "")
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(rows)), rows)
    axis.set(xlabel="kernel size", ylabel="padding, output_padding", title=finding)
    finish()
