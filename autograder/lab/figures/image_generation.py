"""The figures of notebook 06, and the instrument that measures a grid texture in its images.

The images of this notebook lie in [-1, 1]; the functions here take them as they are. The instrument
reads the power spectrum: a pattern that repeats every two pixels stands at three known frequencies.
"""

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np

from autograder.lab.figures.shared import LINE_COLORS, WIDEST, color_scale, finish


def grid_peak(images: np.ndarray) -> float:
    """How far the grid of period 2 stands out: power there over the power at nearby frequencies.

    About 1 for images without a grid, whatever they show, because a spectrum without a grid has no
    reason to jump at just these frequencies. Unchanged when the images are scaled.

    Args:
        images: (N, H, W, 1) with even H and W; many images make it precise.
    """
    power = mean_spectrum(images)
    around = [np.roll(power, step, axis) for axis in (0, 1) for step in (1, -1)]
    row, column = (n // 2 for n in power.shape)
    of_period_2 = ([0, row, row], [column, 0, column])
    return float(np.mean(power[of_period_2] / np.mean(around, axis=0)[of_period_2]))


def mean_spectrum(images: np.ndarray) -> np.ndarray:
    """The power spectrum of images, averaged: (N, H, W, 1) -> (H, W), frequency 0 first."""
    waves = np.fft.fft2(np.asarray(images, "float64")[..., 0])
    return np.mean(np.abs(waves) ** 2, axis=0)


def samples(images: np.ndarray, finding: str, columns: int = 10) -> None:
    """Many images in a grid, on the scale from -1 (black) to 1 (white).

    Args:
        images: (N, H, W, 1), N a multiple of `columns`.
        finding: The figure's title.
        columns: Images in a row.
    """
    _, axis = plt.subplots(figsize=(7.6, 7.6 * len(images) / columns**2 + 0.5))
    axis.imshow(_sheet(images, columns), cmap="gray", vmin=-1, vmax=1)
    axis.set_axis_off()
    axis.set_title(finding)
    finish()


def zoom(groups: dict[str, np.ndarray], finding: str) -> None:
    """A few images of each group, large, so that single pixels show.

    Args:
        groups: Name -> (N, H, W, 1) in [-1, 1], the same N in each.
        finding: The figure's title.
    """
    columns = len(next(iter(groups.values())))
    size = (WIDEST, 7.0 * len(groups) / columns + 0.55)
    _, axes = plt.subplots(len(groups), 1, figsize=size)
    for axis, (name, images) in zip(np.atleast_1d(axes), groups.items(), strict=True):
        axis.imshow(_sheet(images, columns), cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        axis.set(xticks=[], yticks=[])
        axis.set_ylabel(name.replace(", ", ",\n"), fontsize=9, rotation=0, ha="right", va="center")
    finish(finding)


def _sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """(N, H, W, 1) -> one large image with a white line between neighbors."""
    framed = np.pad(np.asarray(images)[..., 0], ((0, 0), (0, 1), (0, 1)), constant_values=1)
    rows = framed.reshape(-1, columns, *framed.shape[1:])  # (rows, columns, H+1, W+1)
    return np.concatenate(np.concatenate(rows, axis=1), axis=1)[:-1, :-1]


def pixel_histograms(groups: dict[str, np.ndarray], finding: str) -> None:
    """How often each pixel value occurs in each group; gray marks the range from -1 to 1.

    Args:
        groups: Name -> array of any shape.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(groups), figsize=(WIDEST, 2.5), sharey=True)
    for axis, (name, values) in zip(axes, groups.items(), strict=True):
        axis.axvspan(-1, 1, color="0.9")
        weights = np.full(np.size(values), 1 / np.size(values))
        axis.hist(np.ravel(values), np.linspace(-3, 3, 31), weights=weights, color=LINE_COLORS[0])
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("pixel value")
    axes[0].set_ylabel("share of the pixels")
    finish(finding)


def training_curves(curves: dict[str, Sequence[float]], finding: str) -> None:
    """Curves by epoch, each with an axis of its own.

    Args:
        curves: Label of the axis -> one number for each epoch.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(curves), figsize=(3.7 * len(curves), 2.9))
    for axis, (name, values), color in zip(axes, curves.items(), LINE_COLORS, strict=False):
        epochs = range(1, len(values) + 1)
        axis.plot(epochs, values, "o-", color=color)
        axis.set(xlabel="epoch", ylabel=name, ylim=(0, 1.08 * max(values)), xticks=epochs)
    finish(finding)


def walk_lengths(walks: dict[str, np.ndarray]) -> None:
    """The length of the vector at each step of walks between two latent vectors.

    Args:
        walks: Name -> (steps, D).
    """
    _, axis = plt.subplots(figsize=(6, 3))
    dimensions = next(iter(walks.values())).shape[1]
    low, high = np.sqrt(dimensions) - 1.4, np.sqrt(dimensions) + 1.4
    axis.axhspan(low, high, color="0.9", label="where 95% of random vectors lie")
    for (name, walk), style, color in zip(walks.items(), ("--", "-"), LINE_COLORS, strict=False):
        shares = np.linspace(0, 1, len(walk))
        axis.plot(shares, np.linalg.norm(walk, axis=1), style, color=color, linewidth=2, label=name)
    axis.set(xlabel="share of the way", ylabel="length of the vector", ylim=(0, high + 0.5),
             title="The straight line cuts through the inside of the shell")  # fmt: skip
    axis.legend(loc="lower right")
    finish()


def gradient_maps(maps: dict[str, np.ndarray], finding: str) -> None:
    """Mean sizes of gradients, pixel by pixel, each on a scale of its own.

    Args:
        maps: Name -> (H, W), not negative.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(maps), figsize=(WIDEST / 3 * len(maps), 2.9))
    for axis, (name, sizes) in zip(axes, maps.items(), strict=True):
        shown = axis.imshow(sizes / sizes.mean(), cmap="cividis", vmin=0, vmax=3)
        axis.set_title(name, fontsize=9)
        axis.set(xlabel="column", ylabel="row", anchor="N")
    color_scale(shown, "size / mean")
    finish(finding)


def spectra(groups: dict[str, np.ndarray], finding: str) -> None:
    """Mean power spectra on one logarithmic scale; circles mark the frequencies of period 2.

    Args:
        groups: Name -> (N, H, W, 1).
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(groups), figsize=(WIDEST, 3.2))
    power = {name: np.fft.fftshift(mean_spectrum(images)) for name, images in groups.items()}
    for axis, (name, spectrum) in zip(axes, power.items(), strict=True):
        axis.set_facecolor("none")
        logarithm = np.log10(spectrum / spectrum.sum())
        shown = axis.imshow(logarithm, cmap="cividis", vmin=-6, vmax=-1)
        rows, columns = spectrum.shape
        for row, column in [(rows // 2, 0), (0, columns // 2), (0, 0)]:
            axis.plot(column, row, "o", markersize=12, markerfacecolor="none", color="#D55E00",
                      markeredgewidth=2, clip_on=False)  # fmt: skip
        axis.set(xlim=(-3, columns), ylim=(rows, -3))
        axis.set_title(f"{name}\npeak {grid_peak(groups[name]):.1f}", fontsize=9)
        axis.set(xticks=[], yticks=[], anchor="N")
    color_scale(shown, "log10 of the share of power")
    finish(finding)


def loss_curves(histories: dict[str, np.ndarray], finding: str) -> None:
    """Both players' losses over the training steps, smoothed a little.

    Args:
        histories: Name -> (steps, 2): discriminator, generator.
        finding: The figure's title.
    """
    _, axes = plt.subplots(1, len(histories), figsize=(3.9 * len(histories), 2.9), sharey=True)
    for axis, (name, history) in zip(axes, histories.items(), strict=True):
        width = max(1, len(history) // 20)
        players = zip(("discriminator", "generator"), ("-", "--"), LINE_COLORS, strict=False)
        for index, (player, style, color) in enumerate(players):
            smooth = np.convolve(history[:, index], np.ones(width) / width, mode="valid")
            axis.plot(smooth, style, color=color, label=player)
        axis.axhline(2 * np.log(2), color="0.6", linewidth=1)
        axis.set(title=name, xlabel="training step", ylim=(0, None))
    axes[0].set_ylabel("loss")
    axes[0].legend()
    finish(finding)


def losses_by_logit(losses: dict[str, Callable], finding: str) -> None:
    """Losses of a single fake's logit.

    Args:
        losses: Name -> function of a (1, 1) array of logits.
        finding: The figure's title.
    """
    logits = np.linspace(-6, 6, 61, dtype="float32")
    _, axis = plt.subplots(figsize=(6, 3))
    for (name, loss), style, color in zip(losses.items(), ("-", "--"), LINE_COLORS, strict=False):
        values = [float(loss(np.array([[x]]))) for x in logits]
        axis.plot(logits, values, style, color=color, linewidth=2, label=name)
    axis.set(xlabel="logit of a fake: how real it looks", ylabel="loss", title=finding)
    axis.legend()
    finish()
