"""The figures of the notebooks; their cells call it so that a cell stays one idea long.

Colors survive grayscale and color blindness: gray images, cividis for numbers, and Okabe and Ito's
palette for lines. Every title states what there is to see. Nothing here computes what an exercise
asks for.
"""

import os
from collections.abc import Callable, Sequence

import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from autograder.lab import oracle

_LINE_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")  # Okabe and Ito


def image_row(images: Sequence[np.ndarray], titles: Sequence[str], finding: str) -> None:
    """Gray images side by side, all on the scale from 0 (black) to 1 (white).

    Args:
        images: (H, W) or (H, W, 1) arrays.
        titles: One for each image.
        finding: The figure's title.
    """
    figure, axes = plt.subplots(1, len(images), figsize=(2.1 * len(images), 2.7))
    for axis, image, title in zip(axes, images, titles, strict=True):
        axis.imshow(np.squeeze(image), cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=9)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.suptitle(finding)
    figure.tight_layout()
    plt.show()


def number_grids(matrices: Sequence[np.ndarray], titles: Sequence[str], finding: str) -> None:
    """Matrices side by side with their entries written into the cells, on one color scale.

    Args:
        matrices: (H, W) arrays of small numbers.
        titles: One for each matrix.
        finding: The figure's title.
    """
    low, high = min(m.min() for m in matrices), max(m.max() for m in matrices)
    widths = [m.shape[1] for m in matrices]
    cell = 0.36  # inches
    size = (
        max(cell * sum(widths) + 0.9 * len(matrices), 0.1 * len(finding)),
        cell * max(m.shape[0] for m in matrices) + 1.4,
    )
    figure, axes = plt.subplots(1, len(matrices), figsize=size, width_ratios=widths)
    for axis, matrix, title in zip(axes, matrices, titles, strict=True):
        axis.imshow(matrix, cmap="cividis", vmin=low, vmax=high)
        for (row, column), value in np.ndenumerate(matrix):
            dark = value < (low + high) / 2
            axis.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8,
                      color="white" if dark else "black")  # fmt: skip
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("column")
        axis.set_ylabel("row")
        axis.set_xticks(range(matrix.shape[1]))
        axis.set_yticks(range(matrix.shape[0]))
    figure.suptitle(finding)
    figure.tight_layout()
    plt.show()


def kernel_layout(kernel: np.ndarray) -> None:
    """The (kh, kw, a, b) array of a Conv2D with a -> b channels, and of its transpose, b -> a.

    Args:
        kernel: (kh, kw, a, b).
    """
    rows, columns = kernel.shape[2:]
    figure, axes = plt.subplots(rows, columns, figsize=(1.7 * columns + 1.6, 1.6 * rows + 1.0))
    limit = np.abs(kernel).max()
    for (row, column), axis in np.ndenumerate(axes):
        axis.imshow(kernel[:, :, row, column], cmap="cividis", vmin=-limit, vmax=limit)
        axis.set_xticks([])
        axis.set_yticks([])
        if column == 0:
            axis.set_ylabel(f"[:, :, {row}, :]\nConv2D: input {row}\ntransposed: output {row}",
                            fontsize=8, rotation=0, ha="right", va="center")  # fmt: skip
        if row == 0:
            title = f"[:, :, :, {column}]\nConv2D: output {column}\ntransposed: input {column}"
            axis.set_title(title, fontsize=8)
    figure.suptitle("One array, two layers: input and output change places")
    figure.tight_layout()
    plt.show()


def activation_ranges() -> None:
    """What four activations make of a logit between -4 and 4."""
    logits = np.linspace(-4, 4, 201)
    figure, axis = plt.subplots(figsize=(6.4, 3.4))
    axis.axhspan(0, 1, color="0.92")
    axis.text(-3.9, 0.45, "[0, 1]", fontsize=8)
    curves = zip(["linear", "relu", "tanh", "sigmoid"], ["-", "--", "-.", "-"],
                 _LINE_COLORS, [1.5, 2, 2, 3], strict=False)  # fmt: skip
    for name, style, color, width in curves:
        values = np.asarray(getattr(keras.activations, name)(logits.astype("float32")))
        axis.plot(logits, values, style, color=color, linewidth=width, label=name)
    axis.set(xlabel="logit: what the last convolution gives", ylabel="pixel", ylim=(-2, 2),
             title="Only one of these curves stays in the gray band from 0 to 1")  # fmt: skip
    axis.legend(loc="upper left", fontsize=8)
    figure.tight_layout()
    plt.show()


def kernel_profiles(kernels: dict[int, np.ndarray]) -> None:
    """Middle rows of upsampling kernels as tents over output pixels.

    Args:
        kernels: Upsampling factor -> (k, k) kernel.
    """
    figure, axes = plt.subplots(1, len(kernels), figsize=(3.0 * len(kernels), 2.6), sharey=True)
    for axis, (factor, kernel) in zip(axes, kernels.items(), strict=True):
        row = kernel[len(kernel) // 2] / kernel[len(kernel) // 2].sum() * factor
        axis.bar(range(len(row)), row, color=_LINE_COLORS[0], width=0.9)
        axis.set(title=f"factor {factor}: {len(row)} wide", xlabel="output pixel under the stamp",
                 xticks=range(len(row)))  # fmt: skip
    axes[0].set_ylabel("weight along one axis")
    figure.suptitle("A bilinear stamp is a tent; only odd factors have a middle pixel")
    figure.tight_layout()
    plt.show()


def difference_row(
    results: Sequence[np.ndarray], titles: Sequence[str], difference: np.ndarray, finding: str
) -> None:
    """Gray images, then the map of an absolute difference with its own scale.

    Args:
        results: (H, W) images in [0, 1].
        titles: One for each image.
        difference: (H, W), not negative.
        finding: The figure's title.
    """
    figure, axes = plt.subplots(1, len(results) + 1, figsize=(2.4 * len(results) + 3.0, 2.9))
    for axis, image, title in zip(axes[:-1], results, titles, strict=True):
        axis.imshow(image, cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=9)
    shown = axes[-1].imshow(difference, cmap="cividis")
    axes[-1].set_title("absolute difference", fontsize=9)
    figure.colorbar(shown, ax=axes[-1], fraction=0.046)
    for axis in axes:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.suptitle(finding)
    figure.tight_layout()
    plt.show()


def sizes_table(
    rows: Sequence[str], columns: Sequence[str], sizes: np.ndarray, wanted: int
) -> None:
    """Output lengths by setting; those that are not `wanted` are marked, 0 stands for a failure.

    Args:
        rows: Names of the rows: paddings.
        columns: Names of the columns: kernel sizes.
        sizes: (rows, columns) lengths.
        wanted: The length that doubles the input.
    """
    figure, axis = plt.subplots(figsize=(1.1 * len(columns) + 3.2, 0.42 * len(rows) + 1.4))
    shade = np.where(sizes == wanted, 1.0, np.where(sizes == 0, 0.0, 0.6))
    axis.imshow(shade, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    for (row, column), size in np.ndenumerate(sizes):
        text = "fails" if size == 0 else f"{size}" + (" ✓" if size == wanted else "")
        axis.text(column, row, text, ha="center", va="center",
                  color="white" if size == 0 else "black")  # fmt: skip
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(rows)), rows)
    axis.set(xlabel="kernel size", ylabel="padding, output_padding",
             title=f"From 7 to {wanted} at stride 2: one row never goes wrong")  # fmt: skip
    figure.tight_layout()
    plt.show()


def reconstructions(images: np.ndarray, results: np.ndarray, finding: str) -> None:
    """Three rows: images, what a model made of them, and the absolute error.

    Args:
        images: (N, H, W, 1) in [0, 1].
        results: The same shape.
        finding: The figure's title.
    """
    rows = [("original", images, "gray"), ("reconstruction", results, "gray"),
            ("absolute error", np.abs(images - results), "cividis")]  # fmt: skip
    figure, axes = plt.subplots(3, len(images), figsize=(1.05 * len(images) + 1.2, 4.0))
    for line, (name, shown, colors) in zip(axes, rows, strict=True):
        for axis, image in zip(line, shown, strict=True):
            picture = axis.imshow(image[..., 0], cmap=colors, vmin=0, vmax=1)
            axis.set_xticks([])
            axis.set_yticks([])
        line[0].set_ylabel(name, fontsize=9)
    figure.suptitle(finding)
    figure.tight_layout(rect=(0, 0, 0.92, 1))
    figure.colorbar(picture, cax=figure.add_axes((0.93, 0.06, 0.012, 0.24)))
    plt.show()


def training_curve(losses: Sequence[float], reference: float, finding: str) -> None:
    """Mean squared error after each epoch, beside that of the mean image.

    Args:
        losses: One number for each epoch.
        reference: The mean squared error of answering with the mean image.
        finding: The figure's title.
    """
    figure, axis = plt.subplots(figsize=(6, 3))
    axis.axhline(reference, color="black", linestyle="--", label="always the mean image")
    axis.plot(range(1, len(losses) + 1), losses, "o-", color=_LINE_COLORS[0], label="training loss")
    axis.set(xlabel="epoch", ylabel="mean squared error", title=finding, ylim=(0, None),
             xticks=range(1, len(losses) + 1))  # fmt: skip
    axis.legend(fontsize=8, loc="center right")
    figure.tight_layout()
    plt.show()


def latent_walk(decode: Callable, start: np.ndarray, end: np.ndarray) -> None:
    """What a decoder draws on the straight line between two latent vectors.

    Seven steps as a strip; in a live notebook also a slider.

    Args:
        decode: (N, latent_dim) -> (N, H, W, 1) in [0, 1].
        start: (latent_dim,)
        end: (latent_dim,)
    """
    shares = np.linspace(0, 1, 7)
    images = np.asarray(decode(np.stack([(1 - t) * start + t * end for t in shares])))
    titles = [f"{t:.0%}" for t in shares]
    image_row(list(images), titles, "Between two vectors lie images that nobody photographed")
    if os.environ.get("AUTOGRADER_STATIC") == "1":
        return
    import ipywidgets  # only a live notebook needs it

    def show(share: float) -> None:
        image = np.asarray(decode(((1 - share) * start + share * end)[None]))[0]
        axis = plt.figure(figsize=(2.4, 2.4)).add_subplot()
        axis.imshow(image[..., 0], cmap="gray", vmin=0, vmax=1)
        axis.set_axis_off()
        plt.show()

    slider = ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.02, description="share")
    ipywidgets.interact(show, share=slider)


def explore(
    draw: Callable[[Sequence[Axes], int], None], rows: int, steps: int, stills: Sequence[int]
) -> None:
    """Show chosen steps of a process side by side and, in a live notebook, all on a slider.

    The stills are always shown: a page that was rendered without a kernel keeps them. The slider
    needs a running kernel and a front end; `AUTOGRADER_STATIC=1` says that there is none.

    Args:
        draw: Draws one step into `rows` axes, which stand one above the other.
        rows: Number of axes for a step.
        steps: Number of steps.
        stills: The steps that are shown side by side.
    """
    figure, axes = plt.subplots(
        rows, len(stills), figsize=(2.5 * len(stills), 2.7 * rows), squeeze=False
    )
    for column, step in enumerate(stills):
        draw(axes[:, column], step)
    figure.tight_layout()
    plt.show()
    shell = get_ipython()
    if os.environ.get("AUTOGRADER_STATIC") == "1" or getattr(shell, "kernel", None) is None:
        return
    import ipywidgets  # only a live notebook needs it

    def show(step: int) -> None:
        live, live_axes = plt.subplots(1, rows, figsize=(3.6 * rows, 3.6), squeeze=False)
        draw(live_axes[0], step)
        live.tight_layout()
        plt.show()

    ipywidgets.interact(show, step=ipywidgets.IntSlider(0, 0, steps - 1, description="step"))


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
            above.text(column, row, text, ha="center", va="center", fontsize=8 if inner else 13,
                       color="white" if value < padded.max() / 2 else "black")  # fmt: skip
        above.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, fill=False,
                                  edgecolor=_LINE_COLORS[1], linewidth=3))  # fmt: skip
        above.set_title(f"step {step}: the window at [{top}, {left}]", fontsize=9)
        done = np.arange(result.size).reshape(result.shape) <= step
        below.imshow(np.where(done, result, np.nan), cmap="cividis", vmin=0, vmax=result.max())
        for (row, column), value in np.ndenumerate(result):
            if done[row, column]:
                below.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8,
                           color="white" if value < result.max() / 2 else "black")  # fmt: skip
        below.add_patch(Rectangle((left - 0.5, top - 0.5), 1, 1, fill=False,
                                  edgecolor=_LINE_COLORS[1], linewidth=3))  # fmt: skip
        below.set_title(f"result [{top}, {left}] = {result[top, left]:.3g}", fontsize=9)
        for axis in axes:
            axis.set_xticks([])
            axis.set_yticks([])

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
    figure, axis = plt.subplots(figsize=(4.6, 4.8))
    axis.imshow(result, cmap="cividis")
    for (row, column), value in np.ndenumerate(result):
        axis.text(column, row, f"{value:.3g}", ha="center", va="center",
                  color="white" if value < result.max() / 2 else "black")  # fmt: skip
    halo = [withStroke(linewidth=4, foreground="white")]
    styles = zip(np.ndenumerate(x), ("black", *_LINE_COLORS[1:]), ["-", "--", "-.", ":"],
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
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, fontsize=8,
                handlelength=3)  # fmt: skip
    figure.tight_layout()
    plt.show()


def same_numbers(views: dict[str, np.ndarray], finding: str) -> None:
    """Matrices that should be equal, in two rows, with their entries, on one color scale.

    Args:
        views: (H, W) arrays of one shape by title; the first one gives the color scale.
        finding: The figure's title.
    """
    first = next(iter(views.values()))
    figure, axes = plt.subplots(2, (len(views) + 1) // 2, figsize=(11, 6.2))
    for axis in axes.ravel()[len(views) :]:
        axis.set_axis_off()
    for axis, (title, matrix) in zip(axes.ravel(), views.items(), strict=False):
        axis.imshow(matrix, cmap="cividis", vmin=first.min(), vmax=first.max())
        middle = (first.min() + first.max()) / 2
        for (row, column), value in np.ndenumerate(matrix):
            axis.text(column, row, f"{value:.4g}", ha="center", va="center", fontsize=8,
                      color="white" if value < middle else "black")  # fmt: skip
        axis.set_title(title, fontsize=10)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.suptitle(finding)
    figure.tight_layout()
    plt.show()


def matrix_and_transpose(matrix: np.ndarray) -> None:
    """A convolution's matrix and its transpose, one gray cell for each entry.

    Args:
        matrix: (outputs, inputs).
    """
    figure, axes = plt.subplots(1, 2, figsize=(11, 5.4), width_ratios=[5, 2])
    shown = [("C: convolution", "pixel of x", "pixel of the output", matrix),
             ("C.T: its transpose", "pixel of y", "pixel of the output",
              matrix.T)]  # fmt: skip
    for axis, (title, across, down, values) in zip(axes, shown, strict=True):
        axis.imshow(values, cmap="cividis", vmin=0)
        axis.set_title(f"{title}, {values.shape[0]}x{values.shape[1]}", fontsize=10)
        axis.set(xlabel=across, ylabel=down)
        axis.set_xticks(range(0, values.shape[1], max(1, values.shape[1] // 5)))
        axis.set_yticks(range(0, values.shape[0], max(1, values.shape[0] // 5)))
    figure.suptitle("Each row of C holds the kernel; transposed, each column holds a stamp")
    figure.tight_layout()
    plt.show()


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
    figure, axis = plt.subplots(figsize=(1.0 * len(columns) + 3.4, 0.42 * len(rows) + 1.4))
    axis.imshow(lengths, cmap="cividis", aspect="auto")
    middle = (lengths.min() + lengths.max()) / 2
    for (row, column), length in np.ndenumerate(lengths):
        axis.text(column, row, f"{length}", ha="center", va="center",
                  color="white" if length < middle else "black")  # fmt: skip
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(rows)), rows)
    axis.set(xlabel="kernel size", ylabel="padding, output_padding", title=finding)
    figure.tight_layout()
    plt.show()
