"""Figures that more than one notebook shows; the modules of the single notebooks pass them on.

Figures are at most `WIDEST` inches wide, so that a notebook shows them unscaled, and no letter is
smaller than 9 points. They have two dots for each pixel of an ordinary screen. The page shows
through, light or dark; the letters on it are of a `GRAY` that can be read on both.

Colors survive grayscale and color blindness: gray images, cividis for numbers, and Okabe and Ito's
palette for lines. Every title states what there is to see, and `present` makes the alternative text
of a figure from its titles. Nothing here computes what an exercise asks for.
"""

import base64
import html
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from PIL import Image

from autograder.lab.live import is_live

LINE_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")  # Okabe and Ito
WIDEST = 8.6  # inches
GRAY = "#787878"
_INCH = 96  # pixels of a page
_DENSITY = 2  # dots of the picture for each of them
_MANY_COLORS = 8000
_LETTERS = ("axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color")
plt.rcParams.update(
    {
        **dict.fromkeys(_LETTERS, GRAY),
        "axes.edgecolor": GRAY,
        "axes.facecolor": "#F4F4F4",
        "axes.labelsize": 9,
        "axes.titlesize": 10,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "none",
        "figure.titlesize": 11,
        "font.size": 9,
        "legend.fontsize": 9,
        "legend.framealpha": 1,
        "savefig.facecolor": "none",
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
    }
)


def present() -> None:
    """Show the current figure with its alternative text, and close it.

    The text stands in the output's metadata, where nbconvert's classic template reads it.
    JupyterLab 4 reads it nowhere, but shows HTML before PNG: a live notebook gets the same picture
    as HTML, too. Outside IPython nothing is shown.
    """
    figure = plt.gcf()
    if get_ipython() is not None:
        text = alternative_text(figure)
        png, width = _png(figure)
        shown = {"image/png": png, "text/plain": repr(figure)}
        if is_live():
            source = f"data:image/png;base64,{png}"
            about = f'alt="{html.escape(text)}" width="{width}"'
            shown["text/html"] = f'<img {about} src="{source}">'
        display(shown, raw=True, metadata={"image/png": {"alt": text, "width": width}})
    plt.close(figure)


def _png(figure: Figure) -> tuple[str, int]:
    """A figure's picture in base64, and how many pixels of a page it is wide."""
    drawn, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, dpi=_DENSITY * _INCH, bbox_inches="tight")
    image = _with_a_palette(Image.open(drawn))
    image.save(packed, "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode(), image.width // _DENSITY


def _with_a_palette(image: Image.Image) -> Image.Image:
    """An RGBA image with at most 256 colors, half as large; a photograph as it is.

    Colors go by how often they occur. One that is close to a color of the palette becomes that.
    """
    pixels = np.asarray(image.convert("RGBA"))
    codes, places, counts = np.unique(
        pixels.view("uint32"), return_inverse=True, return_counts=True
    )
    if len(codes) > _MANY_COLORS:
        return image
    colors = codes.view("uint8").reshape(-1, 4).astype("int16")
    close, palette = 1, colors
    while len(palette) > 256 or palette is colors:
        palette = _apart(colors[np.argsort(-counts, kind="stable")], close)
        close *= 2
    distances = np.abs(colors[:, None] - palette).sum(axis=2)
    small = Image.fromarray(
        distances.argmin(axis=1)[places].astype("uint8").reshape(image.size[::-1])
    )
    small.putpalette(palette.astype("uint8").tobytes(), "RGBA")
    return small


def _apart(colors: np.ndarray, close: int) -> np.ndarray:
    """The first color, and each that differs by at least `close` from those before it; (N, 4)."""
    left, kept = colors, []
    while len(left) and len(kept) <= 256:
        kept.append(left[0])
        left = left[np.abs(left - left[0]).sum(axis=1) >= close]
    return np.stack(kept)


def finish(finding: str = "") -> None:
    """Show the current figure, with its finding as the title if its axes do not say it.

    Args:
        finding: The figure's title.
    """
    figure = plt.gcf()
    if finding:
        figure.suptitle(finding, color=GRAY, weight="bold")
    elif len(figure.axes) == 1:
        figure.axes[0].title.set(weight="bold", fontsize=11)
    present()


def picture(axis: Axes, image: np.ndarray, title: str = "", **colors: Any) -> AxesImage:
    """Draw an image into an axis without ticks; `colors` are options of Matplotlib's `imshow`."""
    axis.set_title(title, fontsize=9)
    axis.set(xticks=[], yticks=[], anchor="N")
    return axis.imshow(image, **colors)


def panels(
    rows: int, columns: int, side: float, *, names: float = 0.1, titles: float = 0.25
) -> tuple[Figure, np.ndarray]:
    """A figure of square images that stand close to each other.

    Args:
        rows: Of images.
        columns: Of images.
        side: The most inches that an image may be wide and high.
        names: Inches for the rows' names at the left, or for a scale of colors at the right.
        titles: Inches for the titles of each row.
    """
    side = min(side, (WIDEST - names) / columns - 0.05)
    width, height = (side + 0.05) * columns + names, (side + 0.05 + titles) * rows + 0.35
    return plt.subplots(rows, columns, figsize=(width, height), layout="compressed", squeeze=False)


def color_scale(shown: AxesImage, label: str = "") -> None:
    """Draw the scale of an image's colors at its right."""
    place = shown.axes.inset_axes((1.04, 0, 0.05, 1))
    shown.axes.figure.colorbar(shown, cax=place, label=label)


def picture_rows(axes: np.ndarray, rows: Mapping[str, Iterable[np.ndarray]], **colors: Any) -> None:
    """Draw rows of (H, W) or (H, W, 1) images, each row with its name at the left."""
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for axis, image in zip(line, images, strict=True):
            picture(axis, np.squeeze(image), **colors)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")


def write_numbers(axis: Axes, matrix: np.ndarray, middle: float, form: str, **font: Any) -> None:
    """Write each entry of a matrix into its cell, white where it is below `middle`."""
    for (row, column), value in np.ndenumerate(matrix):
        color = "white" if value < middle else "black"
        axis.text(column, row, f"{value:{form}}", ha="center", va="center", color=color, **font)


def alternative_text(figure: Figure) -> str:
    """What a figure says to those who do not see it: its finding, and what each part shows.

    Parts are named by their titles or, without one, by the labels of their axes. The title of a
    figure of one part is its finding.
    """
    titles = [axis.get_title() for axis in figure.axes]
    labels = [_quantities(axis) for axis in figure.axes]
    finding = figure.get_suptitle()
    if not finding and len([title for title in titles if title]) == 1:
        finding, titles = "".join(titles), [""] * len(titles)
    parts = [title or quantities for title, quantities in zip(titles, labels, strict=True)]
    shown = "; ".join(part for part in dict.fromkeys(parts) if part)
    text = ". Shown: ".join(part for part in (finding, shown) if part)
    return " ".join(text.split()) + "."


def _quantities(axis: Axes) -> str:
    """What an axis draws: "loss against epoch", or the one label that it has."""
    return " against ".join(label for label in (axis.get_ylabel(), axis.get_xlabel()) if label)


def image_row(images: Sequence[np.ndarray], titles: Sequence[str], finding: str) -> None:
    """Gray images side by side, all on the scale from 0 (black) to 1 (white).

    Pixels are equally large in all of them, so a smaller image is drawn smaller.

    Args:
        images: (H, W) or (H, W, 1) arrays.
        titles: One for each image.
        finding: The figure's title.
    """
    images = [np.squeeze(image) for image in images]
    side = max(max(image.shape) for image in images)
    differ = len({image.shape for image in images}) > 1
    _, axes = panels(1, len(images), 2.0)
    for axis, image, title in zip(axes[0], images, titles, strict=True):
        picture(axis, image, title, cmap="gray", vmin=0, vmax=1)
        if differ and image.shape != (side, side):
            axis.set(xlim=(-0.5, side - 0.5), ylim=(side - 0.5, -0.5), frame_on=False)
    finish(finding)


def number_grids(
    matrices: Sequence[np.ndarray],
    titles: Sequence[str],
    finding: str,
    *,
    marks: Sequence[tuple[int, int, int, int] | None] = (),
    own_scales: bool = False,
) -> None:
    """Matrices side by side with their entries written into cells of one size.

    Args:
        matrices: (H, W) arrays of small numbers.
        titles: One for each matrix.
        finding: The figure's title.
        marks: For each matrix the row, column, height and width of what is outlined, or None.
        own_scales: Give each matrix its own color scale, where one scale would hide something.
    """
    axes = _equal_cells(matrices, titles, finding)
    outlines = [*marks, *[None] * (len(matrices) - len(marks))]
    for axis, matrix, title, outline in zip(axes, matrices, titles, outlines, strict=True):
        scaled = [matrix] if own_scales else matrices
        low, high = min(m.min() for m in scaled), max(m.max() for m in scaled)
        axis.imshow(matrix, cmap="cividis", vmin=low, vmax=high)
        write_numbers(axis, matrix, (low + high) / 2, ".3g", fontsize=9)
        if outline:
            mark_cells(axis, *outline)
        axis.set_title(title, fontsize=9)
        rows, columns = map(range, matrix.shape)
        axis.set(xlabel="column", ylabel="row", xticks=columns, yticks=rows)
    finish(finding)


def _equal_cells(matrices: Sequence[np.ndarray], titles: Sequence[str], finding: str) -> list[Axes]:
    """Axes side by side in which each entry of a matrix has a cell of one size."""
    wide, high = sum(m.shape[1] for m in matrices), max(m.shape[0] for m in matrices)
    left, above, below = 0.6, 0.6, 0.5  # inches around each matrix
    cell = min(0.36, (WIDEST - left * len(matrices)) / wide)
    spaces = [
        left + max(cell * m.shape[1], 0.072 * len(title))
        for m, title in zip(matrices, titles, strict=True)
    ]
    width, height = max(sum(spaces), 0.1 * len(finding)), above + cell * high + below
    figure = plt.figure(figsize=(width, height), layout="none")
    axes, start = [], (width - sum(spaces)) / 2
    for matrix, space in zip(matrices, spaces, strict=True):
        rows, columns = matrix.shape
        place = start + left + (space - left - cell * columns) / 2, height - above - cell * rows
        shares = place[0] / width, place[1] / height, cell * columns / width, cell * rows / height
        axes.append(figure.add_axes(shares))
        start += space
    return axes


def mark_cells(axis: Axes, row: int, column: int, height: int = 1, width: int = 1) -> None:
    """Outline cells of a matrix that is drawn with one cell for each entry."""
    corner = column - 0.5, row - 0.5
    outline = Rectangle(corner, width, height, fill=False, edgecolor=LINE_COLORS[1], linewidth=3)
    outline.set(clip_on=False, zorder=3)
    axis.add_patch(outline)


def lengths_table(
    rows: Sequence[str],
    columns: Sequence[int],
    lengths: np.ndarray,
    finding: str,
    doubled: int | None = None,
) -> None:
    """Output lengths by setting.

    Args:
        rows: Names of the rows: padding and output_padding.
        columns: Names of the columns: kernel sizes.
        lengths: (rows, columns) lengths; 0 stands for a call that TensorFlow refuses.
        finding: The figure's title.
        doubled: A length that is marked wherever it occurs.
    """
    _, axis = plt.subplots(figsize=(WIDEST, 0.42 * len(rows) + 1.4))
    axis.imshow(lengths, cmap="cividis", aspect="auto")
    for (row, column), length in np.ndenumerate(lengths):
        text = "refused" if length == 0 else f"{length}" + (" ✓" if length == doubled else "")
        color = "white" if length < lengths.max() / 2 else "black"
        axis.text(column, row, text, ha="center", va="center", color=color)
    axis.set_xticks(range(len(columns)), list(map(str, columns)))
    axis.set_yticks(range(len(rows)), rows)
    axis.set(xlabel="kernel size", ylabel="padding, output_padding", title=finding)
    finish()


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
    _, axes = panels(1, len(results) + 1, 2.4, names=0.6)
    for axis, image, title in zip(axes[0, :-1], results, titles, strict=True):
        picture(axis, image, title, cmap="gray", vmin=0, vmax=1)
    shown = picture(axes[0, -1], difference, "absolute difference", cmap="cividis")
    color_scale(shown)
    finish(finding)


def reconstructions(images: np.ndarray, results: np.ndarray, finding: str) -> None:
    """Three rows: images, what a model made of them, and the absolute error.

    Args:
        images: (N, H, W, 1) in [0, 1].
        results: The same shape.
        finding: The figure's title.
    """
    scale = {"vmin": 0, "vmax": 1}
    _, axes = panels(3, len(images), 0.8, names=1.5, titles=0)
    picture_rows(axes[:2], {"original": images, "reconstruction": results}, cmap="gray", **scale)
    picture_rows(axes[2:], {"absolute error": np.abs(images - results)}, cmap="cividis", **scale)
    color_scale(axes[2, -1].images[0])
    finish(finding)


def training_curve(losses: Sequence[float], reference: float, finding: str) -> None:
    """Mean squared error after each epoch, beside that of the mean image.

    Args:
        losses: One number for each epoch.
        reference: The mean squared error of answering with the mean image.
        finding: The figure's title.
    """
    _, axis = plt.subplots(figsize=(6, 3))
    axis.axhline(reference, color="black", linestyle="--", label="always the mean image")
    axis.plot(range(1, len(losses) + 1), losses, "o-", color=LINE_COLORS[0], label="training loss")
    axis.set(xlabel="epoch", ylabel="mean squared error", title=finding, ylim=(0, None),
             xticks=range(1, len(losses) + 1))  # fmt: skip
    axis.legend(loc="center right")
    finish()


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

    def show(share: float = 0.5) -> None:
        image = np.asarray(decode(((1 - share) * start + share * end)[None]))[0]
        axis = plt.figure(figsize=(2.4, 2.4)).add_subplot()
        axis.imshow(image[..., 0], cmap="gray", vmin=0, vmax=1)
        axis.set_title(f"{share:.0%} of the way", fontsize=9)
        axis.set_axis_off()
        present()

    add_sliders(show, share=(0.0, 1.0, 0.02))


def explore(
    draw: Callable[[Sequence[Axes], int], None], rows: int, steps: int, stills: Sequence[int]
) -> None:
    """Show chosen steps of a process side by side and, in a live notebook, all on a slider.

    Args:
        draw: Draws one step into `rows` axes, which stand one above the other.
        rows: Number of axes for a step.
        steps: Number of steps.
        stills: The steps that are shown side by side.
    """
    _, axes = panels(rows, len(stills), 2.1)
    for column, step in enumerate(stills):
        draw(list(axes[:, column]), step)
    finish()

    def show(step: int = 0) -> None:
        _, live_axes = plt.subplots(1, rows, figsize=(3.6 * rows, 3.6), squeeze=False)
        draw(list(live_axes[0]), step)
        finish()

    add_sliders(show, step=(0, steps - 1))


def add_sliders(show: Callable, **ranges: tuple[float, ...]) -> None:
    """Let a live notebook call `show` with arguments from sliders, which start at its defaults.

    Sliders need a running kernel and a front end. Stills belong beside them: a page that was
    rendered without a kernel keeps those.

    Args:
        show: Draws for the chosen numbers.
        **ranges: Parameter -> the least and the greatest number and, if it is not 1, the step.
    """
    if is_live():
        import ipywidgets  # only a live notebook needs it

        ipywidgets.interact(show, **ranges)
