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
    lengths_table,
    mark_cells,
    number_grids,
    picture,
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
        mark_cells(above, top, left, height, width)
        above.set_title(f"step {step}: the window at [{top}, {left}]", fontsize=9)
        done = np.arange(result.size).reshape(result.shape) <= step
        below.imshow(np.where(done, result, np.nan), cmap="cividis", vmin=0, vmax=result.max())
        for (row, column), value in np.ndenumerate(result):
            if done[row, column]:
                below.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=9,
                           color="white" if value < result.max() / 2 else "black")  # fmt: skip
        mark_cells(below, top, left)
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


def five_ways(x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """How each of five ways computes a transposed convolution of a row; its middle is outlined.

    Args:
        x: (2,) whole numbers.
        kernel: (3,) whole numbers.
        stride: Steps between stamps; 2.
    """
    result = oracle.conv2d_transpose(x[None], kernel[None], stride)[0].round().astype(int)
    length, size = len(result), len(kernel)
    placed = [[0] * (stride * i) + list(kernel) for i in range(len(x))]  # a stamp for each entry
    placed = [row + [0] * (length - len(row)) for row in placed]
    middle = length // 2
    stamps = [_cells(n * np.array(row)) for n, row in zip(x, placed, strict=True)]
    spread = [0] * (size - 1) + [n for value in x for n in (value, *[0] * (stride - 1))][:-1]
    spread += [0] * (size - 1)
    window = [""] * middle + [str(n) for n in kernel[::-1]]
    phases = [
        [str(n) if i % stride == p else "" for i, n in enumerate(result)] for p in range(stride)
    ]
    column = [[str(row[i]) for row in placed] for i in range(length)]
    weights = [str(n) for n in x] + [""] * (length - len(x))
    product = [[*c, "", w, "", str(n)] for c, w, n in zip(column, weights, result, strict=True)]
    total = [str(n) for n in result]
    _, axes = plt.subplots(2, 3, figsize=(WIDEST, 4.2))
    drawn = [
        ("stamping: add up", [*stamps, total],
         [*[f"{n} × kernel" for n in x], "sum"], (0, middle, 3, 1)),
        ("zero insertion: slide", [list(map(str, spread)), window, ["", *total]],
         ["zeros inserted", "turned kernel", "output"], (0, middle, 2, size)),
        ("per phase: interleave", [*phases, total],
         [*[f"kernel {kernel[p::stride].tolist()}" for p in range(stride)], "both"],
         (0, middle, 3, 1)),
        ("matrix: C.T, y and C.T @ y", product, [""] * length,
         (middle, 0, 1, len(x) + 4)),
        ("gradient: what each input weighs", [*stamps, total],
         [*[f"in {n} × output {i}" for i, n in enumerate(x)], "sum"], (0, middle, 3, 1)),
    ]  # fmt: skip
    for axis, (title, rows, names, outline) in zip(axes.ravel(), drawn, strict=False):
        _text_table(axis, title, rows, names)
        mark_cells(axis, *outline)
    mark_cells(axes[0, 1], 2, middle + 1)
    mark_cells(axes[1, 0], 0, len(x) + 1, len(x))
    axes[1, 2].set_axis_off()
    finish("Five ways to the same five numbers")


def _cells(row: Sequence[int] | np.ndarray) -> list[str]:
    """The numbers of a row; nothing where it holds a zero."""
    return [str(n) if n else "" for n in row]


def _text_table(
    axis: Axes, title: str, rows: Sequence[Sequence[str]], names: Sequence[str]
) -> None:
    """Rows of short texts, each in a pale cell unless it is empty, with a name at the left."""
    width = max(map(len, rows))
    filled = np.array([[bool(t) for t in [*row, *[""] * (width - len(row))]] for row in rows])
    axis.imshow(np.where(filled, 1.0, np.nan), cmap="gray", vmin=0, vmax=1.1)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            axis.text(column, row, text, ha="center", va="center", fontsize=9)
    axis.set_yticks(range(len(rows)), names)
    axis.set(xticks=[], title=title, anchor="N", frame_on=False)
    axis.tick_params(length=0)


def same_numbers(views: dict[str, np.ndarray], finding: str) -> None:
    """Matrices of one shape by title; releases of the first edition show them.

    Args:
        views: (H, W) arrays of one shape by title.
        finding: The figure's title.
    """
    _, axes = plt.subplots(2, (len(views) + 1) // 2, figsize=(WIDEST, 5.4), squeeze=False)
    for axis, (title, matrix) in zip(axes.ravel(), views.items(), strict=False):
        picture(axis, matrix, title, cmap="cividis")
        write_numbers(axis, matrix, (matrix.min() + matrix.max()) / 2, ".4g")
    for axis in axes.ravel()[len(views) :]:
        axis.set_axis_off()
    finish(finding)


def matrix_and_transpose(matrix: np.ndarray) -> None:
    """A convolution's matrix beside its transpose; releases of the first edition show them.

    Args:
        matrix: (outputs, inputs).
    """
    number_grids([matrix, matrix.T], ["C", "C.T"], "Rows of C hold the kernel")
