"""The figures of notebook 02; those that other notebooks have too stand in `shared`."""

from collections.abc import Sequence

import keras
import matplotlib.pyplot as plt
import numpy as np

from autograder.lab.figures.shared import (  # noqa: F401 - notebooks find them here
    LINE_COLORS,
    WIDEST,
    difference_row,
    finish,
    image_row,
    latent_walk,
    number_grids,
    picture,
    reconstructions,
    training_curve,
)


def kernel_layout(kernel: np.ndarray) -> None:
    """The (kh, kw, a, b) array of a Conv2D with a -> b channels, and of its transpose, b -> a.

    Args:
        kernel: (kh, kw, a, b).
    """
    down, across = kernel.shape[2:]
    _, axes = plt.subplots(
        down, across, figsize=(1.7 * across + 1.6, 1.6 * down + 1.0), layout="compressed"
    )
    limit = np.abs(kernel).max()
    for (row, column), axis in np.ndenumerate(axes):
        picture(axis, kernel[:, :, row, column], cmap="cividis", vmin=-limit, vmax=limit)
        if column == 0:
            axis.set_ylabel(f"[:, :, {row}, :]\nConv2D: input {row}\ntransposed: output {row}",
                            fontsize=9, rotation=0, ha="right", va="center")  # fmt: skip
        if row == 0:
            title = f"[:, :, :, {column}]\nConv2D: output {column}\ntransposed: input {column}"
            axis.set_title(title, fontsize=9)
    finish("One array, two layers: input and output change places")


def activation_ranges() -> None:
    """What four activations make of a logit between -4 and 4."""
    logits = np.linspace(-4, 4, 201)
    _, axis = plt.subplots(figsize=(6.4, 3.4))
    axis.axhspan(0, 1, color="0.92")
    axis.text(-3.9, 0.45, "[0, 1]", fontsize=9)
    curves = zip(["linear", "relu", "tanh", "sigmoid"], ["-", "--", "-.", "-"],
                 LINE_COLORS, [1.5, 2, 2, 3], strict=False)  # fmt: skip
    for name, style, color, width in curves:
        values = np.asarray(getattr(keras.activations, name)(logits.astype("float32")))
        axis.plot(logits, values, style, color=color, linewidth=width, label=name)
    axis.set(xlabel="logit: what the last convolution gives", ylabel="pixel", ylim=(-2, 2),
             title="Only one of these curves stays in the gray band from 0 to 1")  # fmt: skip
    axis.legend(loc="upper left")
    finish()


def kernel_profiles(kernels: dict[int, np.ndarray]) -> None:
    """Middle rows of upsampling kernels as tents over output pixels.

    Args:
        kernels: Upsampling factor -> (k, k) kernel.
    """
    _, axes = plt.subplots(1, len(kernels), figsize=(WIDEST, 2.6), sharey=True)
    for axis, (factor, kernel) in zip(axes, kernels.items(), strict=True):
        row = kernel[len(kernel) // 2] / kernel[len(kernel) // 2].sum() * factor
        axis.bar(range(len(row)), row, color=LINE_COLORS[0], width=0.9)
        axis.set(title=f"factor {factor}: {len(row)} wide", xlabel="output pixel under the stamp",
                 xticks=range(len(row)))  # fmt: skip
    axes[0].set_ylabel("weight along one axis")
    finish("A bilinear stamp is a tent; only odd factors have a middle pixel")


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
    _, axis = plt.subplots(figsize=(WIDEST, 0.42 * len(rows) + 1.4))
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
    finish()
