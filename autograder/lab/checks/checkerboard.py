"""Visible checks of assignment 04-checkerboard-artifacts, for its notebook and its hidden tests.

The right answers come from Keras' operations and gradients, or from models and weights that the
test made itself.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NoReturn

import keras
import numpy as np

from autograder.lab import blocks, graphs, models, oracle, rebuilt
from autograder.lab.blocks import block_model, expect_resize_conv  # noqa: F401
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.checks.first_edition import (  # noqa: F401  (kept releases find them here)
    audit,
    checkerboard_score,
    expect_audit,
    expect_flat,
    expect_replaced,
    expect_score,
    is_flat,
    replace_transposed,
    resize_conv,
)
from autograder.lab.rebuilt import (
    chain,
    resizing,
    resizing_with_skips,
    with_skips,
)
from autograder.lab.trial import Trial

_SEED = 4


# ------------------------------------------------------------------------------ overlap_count
@visible_check("n", "kernel_size", "stride", points=3)
def overlap_count(trial: Trial) -> None:
    """Uneven and even overlap, stride 1, and stamps that do not touch."""
    for arguments in [(3, 3, 2), (3, 4, 2), (2, 3, 1), (2, 2, 3)]:
        expect_overlap(trial, *arguments)


def expect_overlap(trial: Trial, n: int, kernel_size: int, stride: int) -> None:
    """Compare one map with what Keras makes of an input and a kernel of ones."""
    trial.compare(_overlap, n, kernel_size, stride, mistakes=_wrong_overlaps)
    if trial.result.dtype.kind not in "iu":
        trial.report("not-integers", given=trial.result.dtype)


def _overlap(n: int, kernel_size: int, *, stride: int) -> np.ndarray:
    return _stamps_of_ones(n, kernel_size, stride).astype(int)


def _wrong_overlaps(n: int, kernel_size: int, stride: int) -> Mistakes:
    right = _overlap(n, kernel_size, stride=stride)
    ones = (np.ones((n, n)), np.ones((kernel_size, kernel_size)))
    return {
        "axes-added": right[0][:, None] + right[0],
        "touched": np.minimum(right, 1),
        "cropped": oracle.conv2d_transpose(*ones, stride, "same"),
        "gap-at-the-end": oracle.conv2d_transpose(*ones, stride),
        "kernel-and-stride-swapped": _stamps_of_ones(n, stride, kernel_size),
    }


def _stamps_of_ones(n: int, size: int, stride: int) -> np.ndarray:
    """Keras' transposed convolution of ones, without the gap after the last stamp."""
    side = size + stride * (n - 1)
    ones = oracle.conv2d_transpose(np.ones((n, n)), np.ones((size, size)), stride)
    return np.rint(ones[:side, :side])


# ------------------------------------------------------------------------------ phase_sums
@visible_check("kernel", "stride", points=2)
def phase_sums(trial: Trial) -> None:
    """A square kernel, a non-square one, and one that is smaller than the stride."""
    generator = np.random.default_rng(_SEED)
    for shape, stride in [((3, 3), 2), ((4, 5), 2), ((2, 5), 3)]:
        kernel = (generator.integers(-9, 10, shape) / 4).astype("float32")
        expect_phase_sums(trial, kernel, stride)


def expect_phase_sums(trial: Trial, kernel: np.ndarray, stride: int) -> None:
    """Compare one matrix with the interior of Keras' output for an input of ones."""
    trial.compare(oracle.flat_response, kernel, stride, mistakes=_wrong_sums)


def _wrong_sums(kernel: np.ndarray, stride: int) -> Mistakes:
    right = oracle.flat_response(kernel, stride=stride)
    counts = oracle.flat_response(np.ones_like(kernel), stride=stride)
    whole = kernel[tuple(slice(n // stride * stride) for n in kernel.shape)]
    return {
        "averaged": [right / np.maximum(counts, 1), right / np.where(counts > 0, counts, np.nan)],
        "counted": counts,
        "blocks": lambda: _blocks(kernel, stride),
        "kernel-turned": oracle.flat_response(kernel[::-1, ::-1], stride=stride),
        "whole-periods-only": lambda: (
            oracle.flat_response(whole, stride=stride) if whole.size else 0 * right
        ),
    }


def _blocks(kernel: np.ndarray, stride: int) -> np.ndarray:
    rows, columns = (np.array_split(np.arange(n), stride) for n in kernel.shape)
    return np.array([[kernel[np.ix_(r, c)].sum() for c in columns] for r in rows])


# ------------------------------------------------------------------------------ flat_order
_TENT, _SMOOTH = np.array([1.0, 2.0, 1.0]), np.array([1.0, 3.0, 3.0, 1.0])
# Of total degree 2 only the product of both indices tells the phases apart.
_MIXED = np.outer([-1.0, -2, 0, 2, 1], [1, 1, 0, 0]) + np.outer([1, 3, 3, 1, 0], _SMOOTH)


@visible_check("kernel", "stride", "tol", points=6)
def flat_order(trial: Trial) -> None:
    """Kernels for which size and symmetry mislead, some of them below the stride; a tolerance."""
    generator = np.random.default_rng(_SEED)
    for kernel in [
        np.ones((2, 2)),
        np.ones((3, 3)),
        generator.normal(size=(4, 4)),
        np.outer(_TENT, _TENT),
        np.outer(_SMOOTH, _SMOOTH).astype("float32"),
        np.outer(_TENT, _SMOOTH),
        np.ones((1, 2)),
        _MIXED,
    ]:
        expect_order(trial, kernel, 2)
    expect_order(trial, np.ones((2, 3)), 3)
    expect_order(trial, np.ones((3, 6)), 3)
    nearly = np.outer(_TENT, _TENT) + np.outer([0, 0.5, 0], [0, 0.5, 0])
    for factor in (1, 1e-6, 1e6):
        for tol in (0.03, 0.008):  # the spread is 0.25 of 16.25
            expect_order(trial, factor * nearly, 2, tol)
    expect_order(trial, np.ones((2, 2)), 2, 0.0)


def expect_order(trial: Trial, kernel: np.ndarray, stride: int, *tol: float) -> None:
    """Compare one order with what Keras' layer makes of monomials."""
    given = kernel, stride, *tol
    trial.compare(_order, *given, mistakes=_wrong_orders, others=_OTHER_KERNELS)


_OTHER_KERNELS = [
    (np.outer(_SMOOTH, _SMOOTH), 2),
    (np.outer(_SMOOTH, _TENT), 2),
    (np.outer([1.0, 1.0], _SMOOTH), 2),
    (_MIXED, 2),
    (_MIXED.T, 2),
    (np.ones((3, 3)), 3),
    (np.outer([1.0, 1.0], [1.0, 1.02]), 2, 0.008),
]


def _order(kernel: np.ndarray, *, stride: int, tol: float = 1e-6) -> float:
    if not kernel.any() or stride < 2:
        raise ValueError("the exercise has no such kernel")
    spreads = {powers: np.ptp(drawn) for powers, drawn in _monomials(kernel, stride, 6).items()}
    limit = tol * np.abs(kernel).sum()
    low, high = (limit / 10, 100 * limit) if tol == 1e-6 else (limit / 1.5, 1.5 * limit)
    degree = _first_uneven(spreads, limit)
    if any(low < s < high for powers, s in spreads.items() if sum(powers) <= degree):
        raise ValueError("rounding could decide")
    return degree


def _first_uneven(spreads: dict[tuple[int, int], float], limit: float, *, of: Any = sum) -> float:
    """The lowest degree at which Keras' output still has a period."""
    return float(min(of(powers) for powers, spread in spreads.items() if spread > limit))


def _monomials(
    kernel: np.ndarray, stride: int, degrees: int, *, by_tap: bool = False
) -> dict[tuple[int, int], np.ndarray]:
    """What Keras' layer makes of monomials, by their powers: one period of the output each.

    A monomial is centered at the pixel that is looked at and scaled to the reach of the stamp.

    Args:
        kernel: (kh, kw).
        stride: Of the layer.
        degrees: How many degrees to try.
        by_tap: Measure in pixels of the input.
    """
    powers = [(a, d - a) for d in range(degrees) for a in range(d + 1)]
    lines = []  # for each axis (phases, inputs): the input pixels' distances
    for length in kernel.shape:
        reach = -(-length // stride)
        inputs, middle = np.arange(reach + 1), (length - 1) / 2
        pixels = reach * stride + np.arange(stride)
        away = (pixels[:, None] - stride * inputs - middle) / max(middle, 0.5)
        lines.append(np.tile(reach - inputs, (stride, 1)) if by_tap else away)
    rows, columns = (np.stack([line**n for n in range(degrees)]) for line in lines)
    images = np.stack([rows[a, :, None, :, None] * columns[b, :, None] for a, b in powers])
    high, wide = images.shape[-2:]
    y = oracle.conv_transpose(
        images.reshape(-1, high, wide, 1), kernel[:, :, None, None], stride=stride
    ).reshape(*images.shape[:3], -1, (wide - 1) * stride + max(kernel.shape[1], stride))
    p, q = np.indices((stride, stride))
    drawn = y[:, p, q, (high - 1) * stride + p, (wide - 1) * stride + q]
    return dict(zip(powers, drawn, strict=True))


def _wrong_orders(kernel: np.ndarray, stride: int, tol: float = 1e-6) -> Mistakes:
    top, size = sum(kernel.shape) - 2, np.abs(kernel).sum()
    limit, degrees = tol * size, min(top + 1, 10)
    drawn = _monomials(kernel, stride, degrees)
    taps = _monomials(kernel, stride, degrees, by_tap=True)
    touched = oracle.flat_response(np.ones_like(kernel), stride=stride) > 0
    right = _order(kernel, stride=stride, tol=tol)

    def judged(
        drawn: dict, spread: Any = np.ptp, limit: float = limit, of: Any = sum, among: Any = None
    ) -> float | None:
        kept = {p: spread(m) for p, m in drawn.items() if among is None or among(*p)}
        if max(kept.values()) > limit:
            return _first_uneven(kept, limit, of=of)
        return float(top) if degrees == top + 1 else None

    sums = [np.abs(kernel).max(), abs(kernel.sum()), np.abs(kernel).mean()]
    rows, columns = (judged(drawn, lambda m, axis=axis: np.ptp(m.sum(axis))) for axis in (1, 0))
    return {
        "within-a-phase": judged(taps),
        "one-axis": [judged(drawn, among=lambda a, b, n=n: (b, a)[n] == 0) for n in (0, 1)],
        "mixed-left-out": judged(drawn, among=lambda a, b: a * b == 0),
        "axes-summed": min(rows or top, columns or top),
        "degree-per-axis": judged(drawn, of=max),
        "absolute": judged(drawn, limit=tol),
        "relative-to-something-else": [judged(drawn, limit=tol * n) for n in sums],
        "tolerance": [judged(drawn, limit=n) for n in (1e-6 * size, 1e-6, 1e-9 * size)],
        "deviation": judged(drawn, np.std),
        "distance-from-the-mean": judged(drawn, lambda m: np.abs(m - m.mean()).max()),
        "empty-phases-left-out": judged(drawn, lambda m: np.ptp(m[touched])),
        "highest-equal-degree": right - 1,
        "one-too-many": right + 1,
        "constant-only": min(right, 1.0),
        "magnitudes": judged(drawn, lambda m: np.ptp(np.abs(m))),
        "below": judged(drawn, lambda m: np.ptp(m) + 1e-12 * size) if tol == 0 else right,
    }


# ------------------------------------------------------------------------------ grid_score
@visible_check("image", "stride", points=5)
def grid_score(trial: Trial) -> None:
    """A bare grid, grids on waves and on noise, several channels, a bright and a dark one."""
    generator = np.random.default_rng(_SEED)
    for stride in (2, 3, 1):
        expect_grid(trial, np.indices((9, 10)).sum(axis=0) % 2.0, stride)
    for shape, stride in [((7, 7), 2), ((12, 9), 3), ((9, 11, 2), 2)]:
        expect_grid(trial, gridded(generator, shape, stride), stride)
    expect_grid(trial, gridded(generator, (10, 9, 3), 2, dark=True), 2)
    expect_grid(trial, gridded(generator, (9, 12), 2, bright=3000).astype("float32"), 2)
    expect_grid(trial, generator.normal(size=(11, 12)), 4)
    trial.expect_error(ValueError, ("image", "stride"), np.ones((12, 6)), 2)


def gridded(
    generator: np.random.Generator,
    shape: tuple[int, ...],
    period: int,
    *,
    strength: float = 0.5,
    bright: float = 0.0,
    dark: bool = False,
) -> np.ndarray:
    """Waves and a little noise, with a grid that is weaker in each further channel.

    Args:
        generator: Draws all three.
        shape: (H, W) or (H, W, C).
        period: Of the grid.
        strength: Of the grid, in the first channel; the waves' amplitude is 1.
        bright: Added to each pixel.
        dark: Make the last channel the same everywhere.
    """
    rows, columns, channels = *shape[:2], (*shape, 1)[2]
    i, j = np.ogrid[:rows, :columns]
    image = np.empty((rows, columns, channels))
    for channel in range(channels):
        down, right, phase = generator.uniform(0.1, 0.9, 3)
        tile = generator.normal(size=(period, period))
        grid = tile[i % period, j % period] * strength / (1 + channel)
        noise = generator.normal(0, 0.03, (rows, columns))
        image[..., channel] = np.sin(down * i + right * j + 6 * phase) + grid + noise
    if dark:
        image[..., -1] = 0.1
    return (bright + image).reshape(shape)


def expect_grid(trial: Trial, image: np.ndarray, stride: int) -> None:
    """Compare one score with what Keras' convolutions with a fixed stencil give."""
    given = image, stride
    trial.compare(_grid, *given, mistakes=_wrong_grids, rtol=1e-4, atol=1e-5)


def _grid(image: np.ndarray, *, stride: int) -> float:
    return float(np.mean(_grids(image, stride)))


def _grids(image: np.ndarray, stride: int) -> np.ndarray:
    """The score of each channel, (C,)."""
    if min(image.shape[:2]) < 2 * stride + 3:
        raise ValueError("the image is too small")
    return _score_of(
        image, *(_kept(image, lag, stride) for lag in (stride - 1, stride, stride + 1))
    )


def _kept(image: np.ndarray, lag: int, stride: int, **changes: Any) -> np.ndarray:
    """Departures at a lag, (C, h, w), where all lags of the score have their neighbors."""
    cut = stride + 1 - lag
    departures = _departures(image, lag, **changes)
    return departures[:, cut : departures.shape[1] - cut, cut : departures.shape[2] - cut]


def _departures(
    image: np.ndarray,
    lag: int,
    arms: Sequence[tuple[int, int]] = ((-1, 0), (1, 0), (0, -1), (0, 1)),
) -> np.ndarray:
    """Keras' convolution of each channel with a stencil: 1 in the middle less the arms' mean."""
    stencil = np.zeros((2 * lag + 1, 2 * lag + 1, 1, 1))
    stencil[lag, lag] = 1
    for down, right in arms:
        stencil[lag + lag * down, lag + lag * right] -= 1 / len(arms)
    pixels = np.moveaxis(np.atleast_3d(image).astype("float64"), 2, 0)[..., None]
    return np.asarray(keras.ops.conv(pixels, stencil, padding="valid"))[..., 0]


def _mean_size(departures: np.ndarray) -> np.ndarray:
    return np.abs(departures).mean(axis=(1, 2))


def _score_of(
    image: np.ndarray, nearer: np.ndarray, here: np.ndarray, farther: np.ndarray, size=_mean_size
) -> np.ndarray:
    around, largest = np.sqrt(size(nearer) * size(farther)), np.abs(image).max(axis=(0, 1))
    is_plain = around <= 1e-5 * largest.astype("float64")
    return np.where(is_plain, 0, 1 - np.minimum(size(here) / np.where(is_plain, 1, around), 1))


def _wrong_grids(image: np.ndarray, stride: int) -> Mistakes:
    right, lags = _grids(image, stride), (stride - 1, stride, stride + 1)
    pixels = np.atleast_3d(image).astype("float64")
    kept = [_kept(image, lag, stride) for lag in lags]
    near, here, far = (_mean_size(departures) for departures in kept)
    around, largest = np.sqrt(near * far), np.abs(pixels).max(axis=(0, 1))
    is_plain = around <= 1e-5 * largest
    middle = np.moveaxis(pixels[stride + 1 : -stride - 1, stride + 1 : -stride - 1], 2, 0)
    cuts = tuple(slice(None, n // stride * stride) for n in image.shape[:2])

    def over(*arounds: Any, size: Any = here, plain: Any = is_plain) -> list[float]:
        shares = [np.minimum(size / np.where(plain, 1, around), 1) for around in arounds]
        return [float(np.mean(np.where(plain, 0, 1 - share))) for share in shares]

    def scored(departures: Any, size: Any = _mean_size) -> float:
        return float(np.mean(_score_of(pixels, *departures, size=size)))

    def with_arms(*arms: tuple[int, int]) -> float:
        return scored([_kept(image, lag, stride, arms=arms) for lag in lags])

    def wrapped(lag: int) -> np.ndarray:
        around = [(lag, lag)] * 2 + [(0, 0)] * (pixels.ndim - 2)
        return _departures(np.pad(pixels, around, mode="wrap"), lag)

    sides, upright = ((0, -1), (0, 1)), ((-1, 0), (1, 0))
    axes = (1, 2)
    scales = [f(middle) for f in (lambda x: x.std(axes), lambda x: np.sqrt((x**2).mean(axes)))]
    scales += [np.abs(middle).mean(axes), np.sqrt((middle**2).sum(axes)), largest]
    scales += [pixels.std((0, 1)), np.sqrt((pixels**2).mean((0, 1)))]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = here / around
    lit = right[~is_plain]
    return {
        "squared": [
            scored(kept, lambda d: (d**2).mean(axes)),
            scored(kept, lambda d: np.sqrt((d**2).mean(axes))),
        ],
        "signed": scored(kept, lambda d: np.abs(d.mean(axes))),
        "median": scored(kept, lambda d: np.median(np.abs(d), axes)),
        "wrapped": lambda: scored([wrapped(lag) for lag in lags]),
        "other-margins": [
            lambda: scored([_departures(image, lag) for lag in lags]),
            lambda: scored([_kept(image, lag, max(lag, stride) - 1) for lag in lags]),
        ],
        "one-lag": [*over(near, far), lambda: over(_mean_size(_kept(image, 1, stride)))[0]],
        "arithmetic-mean": over((near + far) / 2),
        "root-left-out": over(near * far),
        "smaller-or-larger": over(np.minimum(near, far), np.maximum(near, far)),
        "two-neighbors": [with_arms(*sides), with_arms(*upright)],
        "diagonal-neighbors": with_arms((-1, -1), (-1, 1), (1, -1), (1, 1)),
        "neighbors-added": scored([4 * departures - 3 * middle for departures in kept]),
        "divided-by-the-image": over(*scales),
        "largest-channel": float(right.max()),
        "first-channel": float(right[0]),
        "channels-added": float(right.sum()),
        "channels-pooled": [
            *over(around.mean(), np.sqrt(near.mean() * far.mean()), size=here.mean(), plain=False),
            lambda: _grid(pixels.mean(axis=2), stride=stride),
        ],
        "not-clipped": float(np.mean(np.where(is_plain, 0, 1 - shares))),
        "share": float(np.mean(np.where(is_plain, 0, shares))),
        "cut-to-periods": lambda: _grid(image[cuts], stride=stride),
        "period-two": lambda: _grid(image, stride=2),
        "threshold": over(around, plain=around <= 1e-5),
        "plain-left-out": float(lit.mean()) if lit.size else 0.0,
        "zero-over-zero": math.nan if is_plain.any() else float(right.mean()),
    }


# ------------------------------------------------------------------------------ audit
@visible_check("models", "noises", "period", "limit", points=3, name="audit")
def audit_models(trial: Trial) -> None:
    """Models with and without a grid, some with one in training, one image or one channel only."""
    generator = np.random.default_rng(_SEED)
    expect_audited(trial, [audit_case(generator, 2, 1), audit_case(generator, 3, 3, 0.5)])


_STRENGTHS = {  # of the grid in each image
    "grid": (1, 1, 1, 1),
    "plain": (0, 0, 0, 0),
    "first": (1, 0, 0, 0),
    "others": (0, 1, 1, 1),
    "masked": (1, 1, 1, 1),
    "risen": (1, -1, 1, -1),
    "channel": (1, 1, 1, 1),
}


def audit_case(
    generator: np.random.Generator, period: int, channels: int, *limit: float
) -> tuple[Any, ...]:
    """Small models whose images have a clear grid or none, and what `audit` is given with them.

    Each is named by what is special about it; some differ in their noise only. "masked" has a grid
    that noise covers in training, "risen" has one in training only, "channel" in the last channel.

    Args:
        generator: Draws the grids and the noise.
        period: Of the grids.
        channels: Of the images.
        *limit: The limit, if it is given.
    """
    kinds = [kind for kind in _STRENGTHS if channels > 1 or kind != "channel"]
    plain = _drawing_model(generator, "plain", period, channels)
    made, noises = {}, {}
    for kind in generator.permutation(kinds).tolist():
        content = generator.normal(size=(4, 5, 6))
        strength = np.reshape(_STRENGTHS[kind], (4, 1, 1)) + 0 * content
        special = kind in ("masked", "risen", "channel")
        made[kind] = _drawing_model(generator, kind, period, channels) if special else plain
        noises[kind] = np.stack([content, strength], axis=-1).astype("float32")
    return made, dict(reversed(noises.items())), period, *limit


def _drawing_model(
    generator: np.random.Generator, kind: str, period: int, channels: int
) -> keras.Model:
    """Draws smooth hills from the first channel of its input, a grid from the second."""
    stamp = np.zeros((2 * period, 2 * period, channels, 2))
    rise = np.convolve(np.ones(period), np.ones(period + 1)) / period
    stamp[..., 0] = 0.002 * np.outer(rise, rise)[..., None]
    tile = generator.permutation(np.linspace(-0.02, 0.02, period**2)).reshape(period, period)
    lit = slice(channels - 1 if kind == "channel" else 0, None)
    stamp[:period, :period, lit, 1] = tile[..., None]
    layers = keras.layers
    before = [layers.BatchNormalization()] if kind == "risen" else []
    behind = [layers.GaussianNoise(1.0)] if kind == "masked" else []
    drawing = layers.Conv2DTranspose(channels, 2 * period, strides=period, use_bias=False)
    model = keras.Sequential([keras.Input((5, 6, 2)), *before, drawing, *behind])
    drawing.set_weights([stamp])
    for layer in before:  # the variance that it has seen hides the grid
        layer.set_weights([np.ones(2), np.zeros(2), np.zeros(2), np.array([1, 1e6])])
    return model


def expect_audited(trial: Trial, cases: Sequence[tuple[Any, ...]]) -> None:
    """Have some cases audited; name the mistake that explains every answer, if just one does.

    Args:
        trial: Of an answer.
        cases: What it is called with, as `audit_case` makes it.
    """
    found, right = [], []
    for case in cases:
        result = trial.call(*case)
        if isinstance(result, str | dict) or not isinstance(result, Iterable):
            trial.report("not-names", given=models.describe(result))
        for name in result:
            if not isinstance(name, str) or name not in case[0]:
                trial.report("another-name", name=repr(name))
        found.append(set(result))
        right.append(_prone(*case))
    if found == right:
        return
    wrong = [_wrong_audits(*case) for case in cases]
    fits = [kind for kind in wrong[0] if found == [names[kind] for names in wrong]]
    case, names, expected = next(x for x in zip(cases, found, right, strict=True) if x[1] != x[2])
    trial.call(*case)  # so that messages show this call
    made, noises, period, *limit = case
    name = min(names ^ expected)
    kind = fits[0] if len(fits) == 1 else "listed" if name in names else "left-out"
    score = f"{_scores(made[name], noises[name], period).mean():.2f}"
    limit = limit[0] if limit else 0.1
    trial.report(kind, name=repr(name), score=score, period=period, limit=limit)


def _scores(model: keras.Model, noise: np.ndarray, period: int, **mode: bool) -> np.ndarray:
    """The score of each channel of each image, (N, C)."""
    images = np.asarray(model(noise, **{"training": False, **mode}))
    count, rows, columns, channels = images.shape
    flat = np.moveaxis(images, 0, 2).reshape(rows, columns, -1)
    return _grids(flat, period).reshape(count, channels)


def _prone(made: dict, noises: dict, period: int, limit: float = 0.1) -> set[str]:
    return {name for name in made if _scores(made[name], noises[name], period).mean() > limit}


def _wrong_audits(
    made: dict[str, keras.Model], noises: dict[str, np.ndarray], period: int, limit: float = 0.1
) -> dict[str, set[str]]:
    """The names that mistakes lead to, by kind."""
    pairs = {name: (model, noises[name]) for name, model in made.items()}
    scores = {name: _scores(*pair, period) for name, pair in pairs.items()}
    right = _prone(made, noises, period, limit)
    measured = {
        "training-mode": [_scores(*pair, period, training=True).mean() for pair in pairs.values()],
        "period-two": [_scores(*pair, 2).mean() for pair in pairs.values()],
        "by-order": [
            _scores(*pair, period).mean()
            for pair in zip(made.values(), noises.values(), strict=True)
        ],
        "first-image": [s[0].mean() for s in scores.values()],
        "largest-image": [s.mean(axis=1).max() for s in scores.values()],
        "smallest-image": [s.mean(axis=1).min() for s in scores.values()],
        "first-channel": [s[:, 0].mean() for s in scores.values()],
        "largest-channel": [s.max(axis=1).mean() for s in scores.values()],
        "added": [s.mean(axis=1).sum() for s in scores.values()],
    }
    return {
        **{k: {n for n, s in zip(made, v, strict=True) if s > limit} for k, v in measured.items()},
        "limit-ignored": _prone(made, noises, period),
        "clean-ones": made.keys() - right,
        "all-names": set(made),
    }


# ------------------------------------------------------------------------------ gradient_overlap
@visible_check("n", "kernel_size", "stride", points=2)
def gradient_overlap(trial: Trial) -> None:
    """Uneven overlap, an end that no window reaches, gaps between windows, stride 1."""
    for arguments in [(5, 3, 2), (6, 3, 2), (7, 2, 3), (4, 2, 1)]:
        expect_gradient_overlap(trial, *arguments)


def expect_gradient_overlap(trial: Trial, n: int, kernel_size: int, stride: int) -> None:
    """Compare one map with what TensorFlow's tape computes."""
    trial.compare(_reads, n, kernel_size, stride, mistakes=_wrong_reads)


def _reads(n: int, kernel_size: int, *, stride: int, padding: str = "valid") -> np.ndarray:
    if kernel_size > n:
        raise ValueError("no window fits")
    window = np.full((kernel_size, kernel_size, 1, 1), 1.0, "float32")
    x = oracle.input_gradient((1, n, n, 1), window, 1.0, stride=stride, padding=padding)
    return x[0, :, :, 0]


def _wrong_reads(n: int, kernel_size: int, stride: int) -> Mistakes:
    right = _reads(n, kernel_size, stride=stride)
    reached = (n - kernel_size) // stride * stride + kernel_size
    line = right.max(axis=0) / right.max() ** 0.5
    windows = oracle.conv2d_transpose(np.ones((n, n)), np.ones((kernel_size,) * 2), stride)
    return {
        "same-padding": _reads(n, kernel_size, stride=stride, padding="same"),
        "ends-with-the-last-window": right[:reached, :reached],
        "n-windows": [windows, _stamps_of_ones(n, kernel_size, stride)],
        "windows-past-the-end": windows[:n, :n],
        "touched": np.minimum(right, 1),
        "axes-added": line[:, None] + line,
    }


# ------------------------------------------------------------------------------ smooth_stride
@visible_check("x", "filters", "kernel_size", points=3)
def smooth_stride(trial: Trial) -> None:
    """The default size, then another one on an image that is not square."""
    generator = np.random.default_rng(_SEED)
    expect_smooth_stride(trial, (6, 6, 2), 3, (), generator)
    expect_smooth_stride(trial, (4, 8, 3), 2, (5,), generator)


def expect_smooth_stride(
    trial: Trial,
    input_shape: tuple[int, int, int],
    filters: int,
    options: tuple[int, ...],
    generator: np.random.Generator,
) -> None:
    """Make a model of the block, see what it could learn, then compare its numbers.

    Args:
        trial: Of the block.
        input_shape: Of the tensor, without the batch axis; height and width are even.
        filters: Of the convolution.
        options: The kernel size, if the block is called with it.
        generator: Draws weights and images.
    """
    model = blocks.built(trial, input_shape, filters, *options)
    (size,) = options or (3,)
    if graphs.strided_transposes(model):
        trial.report("transposed-convolution")
    kernel, bias = _learned(trial, model, (size, size, input_shape[2], filters))
    x = generator.normal(size=(2, *input_shape)).astype("float32")
    weights = generator.normal(size=kernel.shape), generator.normal(0, 1, filters)
    kernel.assign(weights[0])
    if bias is None:
        weights = weights[0], np.zeros(filters)
    else:
        bias.assign(weights[1])
    rows, columns, _ = input_shape
    given = tuple(model.outputs[0].shape[1:])
    if given != (rows // 2, columns // 2, filters):
        kind = {(rows // 2 - 1, columns // 2 - 1, filters): "no-zeros-around"}.get(given)
        kind = "not-halved" if given == (rows, columns, filters) else kind
        trial.report(
            kind or "output-shape", shape=given, expected=(rows // 2, columns // 2, filters)
        )
    trial.result = models.run(trial, model, x)
    large = np.asarray(_convolved(x, weights))
    trial.expect(_blurred(large), _wrong_strides(x, weights, large), rtol=1e-4)


def _learned(trial: Trial, model: keras.Model, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """The kernel and the bias that a block can learn; end the trial if it learns anything else."""
    weights = list(model.trainable_weights)
    kernels = [weight for weight in weights if tuple(weight.shape) == shape]
    blurs = [weight for weight in weights if tuple(weight.shape[:2]) == (4, 4)]
    given = ", ".join(str(tuple(weight.shape)) for weight in weights) or "nothing"
    if not kernels:
        trial.report("kernel-shape", given=given, expected=shape)
    rest = [weight for weight in weights if weight is not kernels[0]]
    if [weight for weight in blurs if weight is not kernels[0]]:
        trial.report("blur-learned", given=given)
    if len(rest) > 1 or (rest and tuple(rest[0].shape) != shape[-1:]):
        trial.report("more-learned", given=given)
    return kernels[0], rest[0] if rest else None


def _convolved(x: Any, weights: tuple[Any, Any], strides: int = 1, padding: str = "same") -> Any:
    kernel, bias = (np.asarray(w, "float32") for w in weights)
    return keras.ops.conv(x, kernel, strides=strides, padding=padding) + bias


def _blurred(
    x: Any,
    taps: Sequence[float] = (1, 3, 3, 1),
    strides: int = 2,
    padding: str = "same",
    scale: float = 1,
) -> np.ndarray:
    """Keras' depthwise convolution with the taps along both axes, whose sum is `scale`."""
    line = np.array(taps, "float32") / np.sum(taps)
    kernel = np.tile((scale * np.outer(line, line))[..., None, None], (x.shape[-1], 1))
    y = keras.ops.depthwise_conv(x, kernel.astype("float32"), strides=strides, padding=padding)
    return np.asarray(y)


def _wrong_strides(x: np.ndarray, weights: tuple[Any, Any], large: np.ndarray) -> Mistakes:
    right, small = _blurred(large), _blurred(x)
    one, two = ((0, 0), (1, 1), (1, 1), (0, 0)), ((0, 0), (2, 0), (2, 0), (0, 0))
    late = tuple(pair[::-1] for pair in two)

    def cut_after(large: Any) -> list[Any]:
        return [large[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]

    return {
        "blur-first": [
            lambda: np.asarray(_convolved(small, weights)),
            lambda: np.asarray(_convolved(_blurred(x, strides=1), weights, strides=2)),
        ],
        "other-taps": [
            lambda taps=taps: _blurred(large, taps)
            for taps in ((1, 2, 1), (1, 1), (1, 1, 1), (1, 1, 1, 1), (1, 4, 6, 4, 1), (1, 2, 2, 1))
        ],
        "not-normalized": [64 * right, 8 * right, 16 * right],
        "one-axis": [
            lambda: _of_lines(large, (4, 1)),
            lambda: _of_lines(large, (1, 4)),
        ],
        "activation": [np.maximum(right, 0), lambda: _blurred(np.maximum(large, 0))],
        "edges": [
            lambda: _blurred(np.pad(large, one, mode="reflect"), padding="valid"),
            lambda: _blurred(np.pad(large, one, mode="edge"), padding="valid"),
            lambda: _blurred(np.pad(large, one, mode="wrap"), padding="valid"),
        ],
        "shifted": [
            lambda pad=pad: _blurred(np.pad(large, pad), padding="valid") for pad in (two, late)
        ],
        "stride-in-the-convolution": [
            lambda: _blurred(_convolved(x, weights, strides=2), strides=1),
            lambda: np.asarray(_convolved(x, weights, strides=2)),
        ],
        "no-blur": cut_after(large),
        "pooled": lambda: np.asarray(keras.ops.max_pool(large, 2)),
        "channels-mixed": [right.sum(axis=-1, keepdims=True) + 0 * right],
        "valid-convolution": lambda: _blurred(_convolved(x, weights, padding="valid")),
    }


def _of_lines(x: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Blurred along one axis only, every second pixel along both."""
    line = np.array([1, 3, 3, 1], "float32").reshape(*shape, 1, 1) / 8
    kernel = np.tile(line, (x.shape[-1], 1))
    return np.asarray(keras.ops.depthwise_conv(x, kernel, strides=2, padding="same"))


# ------------------------------------------------------------------------------ resize_conv
_RESIZE = ("x", "filters", "kernel_size", "factor", "interpolation")


@visible_check(*_RESIZE, points=2, name="resize_conv")
def resize_conv_interpolated(trial: Trial) -> None:
    """The defaults, then other settings, bilinear among them; the numbers come from Keras."""
    generator = np.random.default_rng(_SEED)
    expect_resize_conv(trial, (4, 4, 2), 3, (), generator)
    expect_resize_conv(trial, (3, 5, 2), 4, (2, 3, "bilinear"), generator)


# ------------------------------------------------------------------------------ folded_kernel
@visible_check("kernel", "factor", points=4)
def folded_kernel(trial: Trial) -> None:
    """A square kernel, a non-square one, and two factors; Keras' layers draw the stamp."""
    generator = np.random.default_rng(_SEED)
    for size, factor in [((3, 3), 2), ((2, 4), 2), ((3, 2), 3), ((2, 2), 1)]:
        expect_folded(trial, generator.integers(-4, 6, size).astype("float32"), factor)


def expect_folded(trial: Trial, kernel: np.ndarray, factor: int) -> None:
    """Compare one stamp with what Keras' two layers make of a single bright pixel."""
    trial.compare(_stamp_of_layers, kernel, factor, mistakes=_wrong_folds)


def _wrong_folds(kernel: np.ndarray, factor: int) -> Mistakes:
    turned, block = kernel[::-1, ::-1], np.ones((factor, factor))
    right = _stamp_of_layers(kernel, factor=factor)
    return {
        "not-turned": _stamp_of_layers(turned, factor=factor),
        "half-turned": [
            _stamp_of_layers(k, factor=factor) for k in (kernel[::-1], kernel[:, ::-1])
        ],
        "shared-out": right / factor**2,
        "enlarged": [np.kron(k, block) for k in (kernel, turned)],
        "zeros-around": np.pad(turned, (0, factor - 1)),
        "diagonal-copies": sum(np.pad(turned, ((i, factor - 1 - i),) * 2) for i in range(factor)),
    }


def _stamp_of_layers(kernel: np.ndarray, *, factor: int) -> np.ndarray:
    """What `UpSampling2D` and a `Conv2D` make of one bright pixel, without the zeros around it."""
    height, width = kernel.shape
    margin = max(height, width)  # dark pixels around the bright one
    image = np.zeros((1, 2 * margin + 1, 2 * margin + 1, 1))
    image[0, margin, margin, 0] = 1
    enlarged = np.asarray(keras.layers.UpSampling2D(factor, dtype="float64")(image))[0, :, :, 0]
    y = oracle.conv2d(enlarged, kernel, stride=1)
    top, left = margin * factor - height + 1, margin * factor - width + 1
    return y[top : top + height + factor - 1, left : left + width + factor - 1]


# ------------------------------------------------------------------------------ cheaper
@visible_check("model", points=5)
def cheaper(trial: Trial) -> None:
    """Two pairs in a chain, zeros before the mean, rows to crop, pairs that stay, skips."""
    generator = np.random.default_rng(_SEED)
    for model in [
        resizing([(3, 2), (5, 2)]),
        resizing([(3, 3), (2, 2)], activation="tanh"),
        resizing_with_skips(),
    ]:
        expect_cheaper(trial, model, generator)


def expect_cheaper(trial: Trial, model: keras.Model, generator: np.random.Generator) -> None:
    """Have one model rebuilt; look at its layers, then compare what both compute.

    Args:
        trial: Of an answer.
        model: With pairs of `UpSampling2D` and `Conv2D`; it gets random weights.
        generator: Draws weights and images.
    """
    rebuilt.as_trained(model, generator)
    pairs = rebuilt.resizes_of(model)
    texts = [f"{layer.kernel_size[0]}x{layer.kernel_size[0]} by {u.size[0]}" for u, layer in pairs]
    given = f"a {_kind(model)} model, to replace: {', '.join(texts) or 'nothing'}"
    new = models.call_to_rebuild(trial, model, given)
    if left := rebuilt.resizes_of(new):
        trial.report("pair-left", at=left[0][1], count=len(left))
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    kept = Counter(rebuilt.signatures_in(model))
    for part in (part for pair in pairs for part in pair):
        kept -= Counter(rebuilt.signatures_of(part)[:1])
    if missing := kept - Counter(rebuilt.signatures_in(new)):
        trial.report("layer-missing", layer=min(missing)[0])
    stamps = [_stamp_of(trial, new, *pair) for pair in pairs]
    x = generator.normal(size=(2, *model.inputs[0].shape[1:])).astype("float32")
    right = np.asarray(model(x, training=False))
    y = trial.result = models.run(trial, new, x)
    if y.shape == right.shape and not np.allclose(y, right, rtol=0, atol=1e-4):
        for (_, layer), stamp in zip(pairs, stamps, strict=True):
            _explain_stamp(trial, new, layer, stamp)
        _expect_weights(trial, model, new, [layer for _, layer in pairs])
        if np.allclose(y[:, 4:-4, 4:-4], right[:, 4:-4, 4:-4], rtol=0, atol=1e-4):
            trial.report("border")
    trial.expect(right, rtol=0, atol=1e-4)


def _kind(model: keras.Model) -> str:
    return "Sequential" if isinstance(model, keras.Sequential) else "functional"


def _stamp_of(trial: Trial, new: keras.Model, upsampling: Any, layer: Any) -> Any:
    """The strided layer that stands in the place of a pair; end the trial if there is none."""
    factor, size = upsampling.size[0], layer.kernel_size[0]
    found = [t for t in graphs.strided_transposes(new) if t.filters == layer.filters]
    fits = [t for t in found if (t.strides, t.kernel_size) == ((factor,) * 2, (size,) * 2)]
    if not fits:
        folded = any(t.kernel_size == (size + factor - 1,) * 2 for t in found)
        trial.report("folded" if folded else "no-stamp", size=size, factor=factor)
    entries = np.sort(np.abs(layer.get_weights()[0]), axis=None)

    def distance(stamp: Any) -> float:
        own = np.sort(np.abs(stamp.get_weights()[0]), axis=None)
        same = own.shape == entries.shape
        return float(np.abs(own / own.max() - entries / entries.max()).max()) if same else 1.0

    return min(fits, key=distance)


def _explain_stamp(trial: Trial, new: keras.Model, layer: Any, stamp: Any) -> None:
    """End the trial if a stamp's weights, or what comes right behind it, explain the values."""
    (kernel, *bias), (drawn, *added) = layer.get_weights(), stamp.get_weights()
    drawn = np.swapaxes(drawn, 2, 3)
    behind = rebuilt.operations_behind(new, stamp)
    names = [type(operation).__name__ for operation in behind]
    first_mean = next((i for i, name in enumerate(names) if "Pool" in name), len(names))
    before = behind[:first_mean]
    if drawn.shape == kernel.shape:
        factor = _times(drawn, kernel[::-1, ::-1])
        if factor is None:
            kinds = {
                "kernel-not-turned": [kernel],
                "half-turned": [kernel[::-1], kernel[:, ::-1]],
                "sides-swapped": [np.swapaxes(k, 0, 1) for k in (kernel, kernel[::-1, ::-1])],
            }
            if kernel.shape[2] == kernel.shape[3]:
                swapped = np.swapaxes(kernel, 2, 3)
                kinds["channels-swapped"] = [swapped, swapped[::-1, ::-1]]
            for kind, others in kinds.items():
                if any(_times(drawn, other) is not None for other in others):
                    trial.report(kind, at=stamp)
            trial.report("kernel-lost", at=stamp)
        if abs(factor - stamp.strides[0] ** 2) > 1e-3:
            trial.report("not-scaled", at=stamp, factor=f"{factor:.3g}")
    if layer.activation is not None and any(map(models.activation_of, [stamp, *before])):
        trial.report("activation-first", at=stamp)
    if bias and not added and not rebuilt.holds(new, bias[0]):
        trial.report("bias-lost", at=stamp)
    if bias and added and not np.allclose(bias[0], added[0], atol=1e-5):
        trial.report("bias-changed", at=stamp)
    if added and any("Pad" in type(operation).__name__ for operation in before):
        trial.report("bias-before-zeros", at=stamp)


def _times(array: np.ndarray, other: np.ndarray) -> float | None:
    """The factor that makes one array of another; None if there is none."""
    factor = float((array * other).sum() / (other**2).sum())
    return factor if np.allclose(array, factor * other, atol=1e-4) else None


def _expect_weights(
    trial: Trial, model: keras.Model, new: keras.Model, free: Sequence[keras.Layer]
) -> None:
    """End the trial if a layer's weights are not among those of the new model.

    Args:
        trial: It rebuilt the model.
        model: The old one.
        new: The new one.
        free: Layers of the old model that are replaced.
    """
    held = Counter(s for step in graphs.steps_of(new) for s in _weighted(step.operation))
    for step in graphs.steps_of(model):
        layer: Any = step.operation
        if any(layer is other for other in free) or not _weighted(layer):
            continue
        (signature,) = _weighted(layer)
        if held[signature]:
            held[signature] -= 1
            continue
        about = {"layer": type(layer).__name__, "name": layer.name}
        if isinstance(layer, keras.layers.BatchNormalization) and rebuilt.holds(
            new, *layer.trainable_weights
        ):
            trial.report("statistics-lost", **about)
        trial.report("weights-lost", **about)


def _weighted(layer: Any) -> list[rebuilt.Signature]:
    """The signature of a layer with its weights; nothing of one that has none."""
    return rebuilt.signatures_of(layer, weights=True)[:1] if getattr(layer, "weights", None) else []


# ------------------------------------------------------------------------------ replace_transposed
@visible_check("model", points=5, name="replace_transposed")
def replace_transposed_with_weights(trial: Trial) -> None:
    """A chain, then models in which a feature map has two readers."""
    generator = np.random.default_rng(_SEED)
    for model in [
        chain([(3, 2), (4, 3), (3, 1)], use_bias=False, activation="elu"),
        with_skips("concatenate", kernel_size=(2, 3)),
    ]:
        expect_replaced_with_weights(trial, model, generator)


def expect_replaced_with_weights(
    trial: Trial, model: keras.Model, generator: np.random.Generator
) -> None:
    """Have one model rebuilt; look at its layers, what each reads, and the weights of those kept.

    Args:
        trial: Of an answer.
        model: With strided `Conv2DTranspose` layers; it gets random weights.
        generator: Draws the weights.
    """
    rebuilt.as_trained(model, generator)
    strided = graphs.strided_transposes(model)
    texts = [f"{t.kernel_size[0]}x{t.kernel_size[1]} stride {t.strides[0]}" for t in strided]
    given = f"a {_kind(model)} model, to replace: {', '.join(texts)}"
    new = models.call_to_rebuild(trial, model, given)
    if left := graphs.strided_transposes(new):
        trial.report("transposed-left", at=left[0], count=len(left))
    now = Counter(rebuilt.signatures_in(new))
    then = Counter(rebuilt.signatures_in(model, rebuilt.resized_instead))
    if now != then:
        _explain_layers(trial, then - now, now - then)
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    if rebuilt.structure_of(new) != rebuilt.structure_of(model, rebuilt.resized_instead):
        _explain_structure(trial, model, new)
    _expect_weights(trial, model, new, strided)
    weighted = rebuilt.structure_of(model, rebuilt.resized_instead, weights=True)
    if rebuilt.structure_of(new, weights=True) != weighted:
        trial.report("weights-exchanged")
    shape = (1, *new.inputs[0].shape[1:])
    y = models.run(trial, new, np.ones(shape, "float32"))
    if y.shape[1:] != tuple(model.outputs[0].shape[1:]):
        trial.report("another-size", shape=shape, returned=y.shape)


def _explain_layers(trial: Trial, missing: Counter, extra: Counter) -> NoReturn:
    """End the trial with the first layer that differs, in one line."""
    for name, wanted in sorted(missing):
        others = [dict(settings) for other, settings in sorted(extra) if other == name]
        if others:
            given = min(others, key=lambda s: len(set(wanted) - s.items()))
            setting = next(key for key, value in wanted if given.get(key) != value)
            about = {"given": given.get(setting), "expected": dict(wanted)[setting]}
            trial.report("setting-changed", layer=name, setting=setting, **about)
    if missing:
        name, settings = min(missing)
        kind = "activation-lost" if name == "Activation" else "layer-missing"
        trial.report(kind, layer=name, activation=dict(settings).get("activation"))
    name, settings = min(extra)
    kind = "activation-added" if name == "Activation" else "layer-added"
    trial.report(kind, layer=name, activation=dict(settings).get("activation"))


def _explain_structure(trial: Trial, model: keras.Model, new: keras.Model) -> NoReturn:
    """End the trial with what order of layers or inputs explains the structure."""
    found = rebuilt.structure_of(new)
    for kind, order in [
        ("convolution-first", (1, 0, 2)),
        ("convolution-first", (1, 2, 0)),
        ("activation-first", (0, 2, 1)),
        ("activation-first", (2, 0, 1)),
    ]:
        if found == rebuilt.structure_of(model, partial(rebuilt.resized_instead, order=order)):
            trial.report(kind)
    unordered = [
        rebuilt.structure_of(m, replaced, ordered=False)
        for m, replaced in ((new, None), (model, rebuilt.resized_instead))
    ]
    trial.report("skip-order" if unordered[0] == unordered[1] else "another-input")
