"""What holds for every figure of the course, on small data."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from autograder.lab.figures import (
    checkerboard,
    conv2dtranspose,
    image_generation,
    segmentation,
    shared,
    super_resolution,
    zero_insertion,
)

SAID = "What a figure of usual length says to whoever looks at it"


def images(count, side=8):
    return np.random.default_rng(0).uniform(size=(count, side, side, 1))


def labels(count, side=8):
    return np.random.default_rng(1).integers(0, 2, (count, side, side, 1))


GRAY, MATRIX = images(1)[0, :, :, 0], np.arange(20).reshape(4, 5)
FIGURES = {
    "image row": lambda: shared.image_row(images(7), [f"{n}0%" for n in range(7)], SAID),
    "unequal images": lambda: shared.image_row(
        [GRAY, GRAY[:, :-1], GRAY[:-1]], ["28x28", "28x27", "27x28"], SAID
    ),
    "grids": lambda: shared.number_grids([MATRIX, MATRIX[:2], MATRIX[:, :3]], "abc", SAID),
    "difference": lambda: shared.difference_row([GRAY, GRAY], "ab", GRAY, SAID),
    "reconstructions": lambda: shared.reconstructions(images(10), images(10), SAID),
    "training": lambda: shared.training_curve([0.3, 0.2, 0.1], 0.4, SAID),
    "walk": lambda: shared.latent_walk(lambda z: images(len(z)), np.zeros(2), np.ones(2)),
    "preview": lambda: zero_insertion.preview(GRAY),
    "window": lambda: zero_insertion.sliding_window(
        np.pad(MATRIX, 2), np.ones((3, 3)), np.ones((6, 7))
    ),
    "stamps": lambda: zero_insertion.outlined_stamps(
        np.ones((2, 2)), np.ones((3, 3)), 2, np.ones((5, 5))
    ),
    "views": lambda: zero_insertion.same_numbers({name: MATRIX for name in "abcde"}, SAID),
    "marked grids": lambda: shared.number_grids(
        [MATRIX, MATRIX[:2]], "ab", SAID, marks=[None, (0, 1, 2, 2)], own_scales=True
    ),
    "ways": lambda: zero_insertion.five_ways(np.array([1, 2]), np.array([1, 10, 100]), 2),
    "matrix": lambda: zero_insertion.matrix_and_transpose(np.eye(4, 25)),
    "lengths": lambda: zero_insertion.lengths_table(
        ["same, None", "valid, 1"], range(1, 7), np.arange(12).reshape(2, 6), SAID
    ),
    "layout": lambda: conv2dtranspose.kernel_layout(np.ones((3, 3, 2, 3))),
    "activations": conv2dtranspose.activation_ranges,
    "stamp profiles": lambda: conv2dtranspose.stamp_profiles(
        {n: np.ones(2 * n - n % 2) for n in (2, 3, 4)}
    ),
    "sizes by layer": lambda: conv2dtranspose.sizes_by_layer(
        {
            f"{d}, {i}": np.ones((3, 4))
            for d in "abc"
            for i in ("he_normal", "glorot_uniform", "yours")
        }
    ),
    "errors by epoch": lambda: conv2dtranspose.errors_by_epoch(
        np.full((4, 2), 0.1), {"3x3": np.full((5, 4), 0.2), "4x4": np.ones((5, 4))}, 0.4, SAID
    ),
    "profiles": lambda: conv2dtranspose.kernel_profiles({n: np.ones((n, n)) for n in (2, 3, 4)}),
    "sizes": lambda: conv2dtranspose.sizes_table(
        ["same, None", "valid, 1"], range(2, 7), 14 * np.eye(2, 5, dtype=int), 14
    ),
    "outlines": lambda: segmentation.outlines(images(6), labels(6), SAID),
    "outcomes": lambda: segmentation.outcomes(
        images(6), labels(6), {"brighter than 0.1": labels(6), "U-Net": labels(6)}, SAID
    ),
    "classes": lambda: segmentation.class_scores(
        {"FCN": [0.5] * 6, "U-Net": [0.6] * 6},
        ["ground", "T-shirt", "trousers", "sneaker", "bag", "ankle boot"],
    ),
    "scenes": lambda: segmentation.scenes(
        images(6), {"truth": labels(6)}, ["ground", "T-shirt", "trousers"], SAID
    ),
    "spectrum": lambda: checkerboard.image_and_spectrum(images(1, 32)[0, :, :, 0], SAID),
    "overlap": checkerboard.overlap_explorer,
    "scores": lambda: checkerboard.score_bars({"PyTorch tutorial, DCGAN": 0.9}, SAID, 0.1),
    "maps": lambda: checkerboard.maps([GRAY] * 3, "abc", SAID),
    "reliefs": lambda: checkerboard.reliefs({"before": images(5), "after": images(5)}, SAID),
    "residual": lambda: super_resolution.residual(GRAY, GRAY / 2),
    "responses": lambda: super_resolution.responses({f"{n}\ngrid 9%": GRAY for n in "abcd"}, SAID),
    "enlargements": lambda: super_resolution.enlargements({"subpixel": images(7)}, SAID),
    "comparison": lambda: super_resolution.comparison(
        {f"measure {n}": [28161.0, 146.0, 0.2] for n in "abcde"}, ["transpose", "b", "c"], SAID
    ),
    "close-ups": lambda: super_resolution.close_ups(
        {name: np.ones((9, 9, 3)) for name in "abc"}, (0, 0, 8), "astronaut", SAID
    ),
    "zoom": lambda: image_generation.zoom({"pixels drawn, one by one": images(10)}, SAID),
    "spectra": lambda: image_generation.spectra({n: images(4, 28) for n in "abc"}, SAID),
    "gradients": lambda: image_generation.gradient_maps({n: GRAY for n in "abc"}, SAID),
    "histograms": lambda: image_generation.pixel_histograms({n: GRAY for n in "abcd"}, SAID),
}


@pytest.fixture(params=FIGURES, scope="module")
def drawn(request):
    """A figure as it is shown: its texts, with their sizes and places, and its picture."""
    found = []

    def look(shown, metadata, **_):
        found.append((plt.gcf(), shown, metadata))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "display", look)
        patch.setattr(shared, "get_ipython", lambda: True)
        FIGURES[request.param]()
    (figure,) = found
    yield figure
    plt.close("all")


def test_a_figure_fits_a_notebook_and_has_two_dots_for_each_pixel(drawn):
    _, shown, metadata = drawn
    width = metadata["image/png"]["width"]
    assert width <= 1.02 * 96 * shared.WIDEST
    picture = Image.open(io.BytesIO(base64.b64decode(shown["image/png"])))
    assert picture.width in (2 * width, 2 * width + 1)
    assert "A" in picture.convert("RGBA").getbands()
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # the page shows through


def test_letters_are_large_enough(drawn):
    figure, _, _ = drawn
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    assert texts and min(text.get_fontsize() for text in texts) >= 9


def test_the_titles_of_a_row_stand_at_one_height(drawn):
    figure, _, _ = drawn
    rows = {}
    for axis in figure.axes:
        if axis.get_title() and axis.get_subplotspec():
            row = axis.get_subplotspec().rowspan.start
            rows.setdefault(row, set()).add(round(axis.get_position().y1, 2))
    assert all(len(heights) == 1 for heights in rows.values()), rows


def test_a_palette_keeps_rare_colors_and_gray_ramps():
    ramp = np.repeat(np.arange(256, dtype="uint8")[:, None], 4, axis=1)
    ramp[:, 3] = 255
    colors = np.concatenate([ramp, ramp * [1, 1, 0, 1]]).astype("uint8")  # gray, then yellow
    pixels = np.concatenate([np.repeat(colors[:256], 9, axis=0), colors[256:]])[None]
    packed = shared._with_a_palette(Image.fromarray(pixels))
    assert packed.mode == "P"
    differs = np.abs(np.asarray(packed.convert("RGBA")).astype(int) - pixels)
    assert differs.max() <= 4


def test_a_photograph_stays_as_it_is():
    noise = np.random.default_rng(0).integers(0, 256, (99, 99, 4), dtype="uint8")
    assert np.array_equal(np.asarray(shared._with_a_palette(Image.fromarray(noise))), noise)
