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
    lengths_table,
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


def stamp_profiles(stamps: dict[int, np.ndarray]) -> None:
    """Upsampling stamps along one axis, as bars over the output pixels under them.

    Args:
        stamps: Upsampling factor -> (k,) weights.
    """
    widths = [len(stamp) for stamp in stamps.values()]
    _, axes = plt.subplots(1, len(stamps), figsize=(WIDEST, 2.8), sharey=True, width_ratios=widths)
    for axis, (factor, stamp) in zip(axes, stamps.items(), strict=True):
        places = np.arange(len(stamp)) - (len(stamp) - 1) / 2  # from the center of the input pixel
        axis.plot([-factor, 0, factor], [0, 1, 0], "--", color=LINE_COLORS[1], linewidth=1.5)
        axis.bar(places, stamp, color=LINE_COLORS[0], width=0.95)
        for place, weight in zip(places, stamp, strict=True):
            axis.text(place, weight - 0.07, f"{weight:.3g}", ha="center", color="white", fontsize=9)
        axis.set(title=f"factor {factor}: {len(stamp)} wide", xlabel="pixels from the center",
                 xticks=places, ylim=(0, 1.15))  # fmt: skip
    axes[0].set_ylabel("weight along one axis")
    finish("A bilinear stamp is a tent; only odd factors have a middle pixel")


def sizes_by_layer(sizes: dict[str, np.ndarray]) -> None:
    """How large numbers are after each layer, for three initializers.

    Args:
        sizes: "decoder, initializer" -> (seeds, layers) root mean squares relative to the input's.
    """
    decoders = list(dict.fromkeys(name.split(", ")[0] for name in sizes))
    _, axes = plt.subplots(1, len(decoders), figsize=(WIDEST, 3.2), sharey=True)
    styles = {
        "yours": (LINE_COLORS[0], "o-"),
        "he_normal": (LINE_COLORS[1], "s--"),
        "glorot_uniform": (LINE_COLORS[2], "^:"),
    }
    for axis, decoder in zip(axes, decoders, strict=True):
        for name, (color, style) in styles.items():
            runs = np.pad(sizes[f"{decoder}, {name}"], ((0, 0), (1, 0)), constant_values=1)
            layers = range(runs.shape[1])
            axis.fill_between(layers, runs.min(0), runs.max(0), color=color, alpha=0.25)
            axis.plot(layers, runs.mean(0), style, color=color, label=name)
        axis.set(title=decoder, xlabel="layers passed", xticks=layers, yscale="log")
    axes[0].set_ylabel("size, relative to the input")
    axes[0].legend(loc="lower left")
    finish("Yours about keeps the numbers' size; he_normal does so by luck")


def errors_by_epoch(
    errors: np.ndarray, stored: dict[str, np.ndarray], reference: float, finding: str
) -> None:
    """One training beside stored ones: mean squared error before training and after each epoch.

    Args:
        errors: (epochs + 1, 2) on training and on validation images.
        stored: Name -> (seeds, epochs + 1) validation errors; drawn as their range.
        reference: The mean squared error of answering with the mean image.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, 2, figsize=(WIDEST, 3.6))
    for axis, first, title in zip(axes, (0, 1), ("whole training", "from the first epoch on"),
                                  strict=True):  # fmt: skip
        epochs = range(first, len(errors))
        for (name, runs), color in zip(stored.items(), LINE_COLORS[1:], strict=False):
            runs = runs[:, first:]
            axis.fill_between(epochs, runs.min(0), runs.max(0), color=color, alpha=0.35,
                              label=f"{name}, {len(runs)} stored runs")  # fmt: skip
        for column, style, images in [(0, "o:", "training"), (1, "s-", "validation")]:
            axis.plot(epochs, errors[first:, column], style, color=LINE_COLORS[0],
                      label=f"this run, {images} images")  # fmt: skip
        axis.set(xlabel="epochs trained", title=title, xticks=epochs)
    axes[0].axhline(reference, color="black", linestyle="--", label="always the mean image")
    axes[0].set(ylabel="mean squared error", ylim=(0, None))
    axes[0].legend(loc="upper right")
    finish(finding)


def kernel_profiles(kernels: dict[int, np.ndarray]) -> None:
    """Middle rows of upsampling kernels; releases of the first edition show them.

    Args:
        kernels: Upsampling factor -> (k, k) kernel.
    """
    stamp_profiles({factor: kernel[len(kernel) // 2] for factor, kernel in kernels.items()})


def sizes_table(
    rows: Sequence[str], columns: Sequence[int], sizes: np.ndarray, wanted: int
) -> None:
    """Output lengths from 7 by setting; releases of the first edition show them.

    Args:
        rows: Names of the rows: paddings.
        columns: Names of the columns: kernel sizes.
        sizes: (rows, columns) lengths; 0 stands for a failure.
        wanted: The length that doubles the input.
    """
    lengths_table(rows, columns, sizes, f"From 7 to {wanted} at stride 2", doubled=wanted)
