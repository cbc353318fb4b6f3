"""Visible checks of assignment 04-checkerboard-artifacts, for its notebook and its hidden tests.

The right answers come from Keras' operations and gradients, or from models and weights that the
test made itself.
"""

import functools
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from autograder.lab import models, oracle
from autograder.lab.blocks import (  # noqa: F401  (notebooks find them here)
    block_model,
    expect_resize_conv,
    expect_smooth_stride,
)
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
from autograder.lab.rebuilt import expect_cheaper, expect_replaced_with_weights
from autograder.lab.shown import plain
from autograder.lab.small_models import (
    audit_case,
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
    for size, stride in [((3, 3), 2), ((4, 5), 2), ((2, 5), 3)]:
        kernel = (generator.integers(-9, 10, size) / 4).astype("float32")
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
    """Compare one order with what Keras' layer makes of monomials; a whole float is one, too."""
    answer = trial.function

    @functools.wraps(answer)
    def whole(*given: Any) -> Any:
        result = answer(*given)
        number = plain(result)
        is_whole = isinstance(number, float | np.floating) and float(number).is_integer()
        return int(number) if is_whole else result

    trial.function = whole
    try:
        given = kernel, stride, *tol
        trial.compare(_order, *given, mistakes=_wrong_orders, others=_OTHER_KERNELS)
    finally:
        trial.function = answer


_OTHER_KERNELS = [
    (np.outer(_SMOOTH, _SMOOTH), 2),
    (np.outer(_SMOOTH, _TENT), 2),
    (np.outer([1.0, 1.0], _SMOOTH), 2),
    (_MIXED, 2),
    (_MIXED.T, 2),
    (-np.outer(_SMOOTH, _TENT), 2),
    (np.ones((3, 3)), 3),
    (np.array([[2.0, 1.0], [1.0, 2.0]]), 2),
    *((np.array([[1.0, 1.02], [1.0, 1.02]]), 2, tol) for tol in (0.008, 0.03)),
    (np.array([[1e-3, 1.02e-3], [1e-3, 1.02e-3]]), 2, 0.008),
]


def _order(kernel: np.ndarray, *, stride: int, tol: float = 1e-6) -> int:
    if not kernel.any() or stride < 2:
        raise ValueError("the exercise has no such kernel")
    spreads = {powers: np.ptp(drawn) for powers, drawn in _monomials(kernel, stride, 6).items()}
    limit = np.abs(kernel).sum() * tol
    low, high = (limit / 10, 100 * limit) if tol == 1e-6 else (limit / 1.5, 1.5 * limit)
    degree = _first_uneven(spreads, limit)
    if any(low < s < high for powers, s in spreads.items() if sum(powers) <= degree):
        raise ValueError("rounding could decide")
    return degree


def _first_uneven(spreads: dict[tuple[int, int], float], limit: float, *, of: Any = sum) -> int:
    """The lowest degree at which Keras' output still has a period."""
    return min(of(powers) for powers, spread in spreads.items() if spread > limit)


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
    ) -> int | None:
        kept = {p: spread(m) for p, m in drawn.items() if among is None or among(*p)}
        if max(kept.values()) > limit:
            return _first_uneven(kept, limit, of=of)
        return top if degrees == top + 1 else None

    sums = [np.abs(kernel).max(), abs(kernel.sum()), np.abs(kernel).mean(), kernel.sum()]
    rows = judged(drawn, lambda m: np.ptp(m.sum(axis=1)), among=lambda a, b: b == 0)
    columns = judged(drawn, lambda m: np.ptp(m.sum(axis=0)), among=lambda a, b: a == 0)
    return {
        "within-a-phase": judged(taps),
        "one-axis": [judged(drawn, among=lambda a, b, n=n: (b, a)[n] == 0) for n in (0, 1)],
        "mixed-left-out": judged(drawn, among=lambda a, b: a * b == 0),
        "axes-summed": min((n for n in (rows, columns) if n is not None), default=None),
        "degree-per-axis": judged(drawn, of=max),
        "absolute": judged(drawn, limit=tol),
        "relative-to-something-else": [judged(drawn, limit=tol * n) for n in sums],
        "tolerance": [judged(drawn, limit=n) for n in (1e-6 * size, 1e-6, 1e-9 * size)],
        "deviation": judged(drawn, np.std),
        "distance-from-the-mean": judged(drawn, lambda m: np.abs(m - m.mean()).max()),
        "distance-from-one-phase": judged(drawn, lambda m: np.abs(m - m[0, 0]).max()),
        "empty-phases-left-out": judged(drawn, lambda m: np.ptp(m[touched])),
        "highest-equal-degree": right - 1,
        "one-too-many": right + 1,
        "constant-only": min(right, 1),
        "magnitudes": judged(drawn, lambda m: np.ptp(np.abs(m))),
        "below": judged(drawn, lambda m: np.ptp(m) + 1e-12 * size) if tol == 0 else right,
    }


# ------------------------------------------------------------------------------ grid_score
@visible_check("image", "stride", points=5)
def grid_score(trial: Trial) -> None:
    """A bare grid, grids on waves and on noise, several channels, a bright and a dark one."""
    generator = np.random.default_rng(_SEED)
    for stride in (2, 3):
        expect_grid(trial, np.indices((9, 10)).sum(axis=0) % 2.0, stride)
    for size, stride in [((7, 7), 2), ((12, 9), 3), ((9, 11, 2), 2)]:
        expect_grid(trial, gridded(generator, size, stride), stride)
    expect_grid(trial, gridded(generator, (10, 9, 3), 2, dark=True), 2)
    expect_grid(trial, gridded(generator, (9, 12), 2, bright=5000).astype("float32"), 2)
    expect_grid(trial, generator.normal(size=(11, 12)), 4)
    expect_grid(trial, generator.normal(size=(5, 6)), 1)
    expect_grid(trial, generator.integers(0, 256, (8, 9)).astype("uint8"), 2)
    expect_grid(trial, 1e-6 * gridded(generator, (9, 8), 2, strength=3), 2)
    expect_grid(trial, 1e6 + 0.1 * gridded(generator, (9, 8), 2), 2)
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
    trial.compare(_grid, *given, mistakes=_wrong_grids, rtol=1e-6)


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
    """What misconceptions make of an image. A long function: it is a table of them."""
    right, lags = _grids(image, stride), (stride - 1, stride, stride + 1)
    pixels = np.atleast_3d(image).astype("float64")
    kept = [_kept(image, lag, stride) for lag in lags]
    near, here, far = (_mean_size(departures) for departures in kept)
    around, largest = np.sqrt(near * far), np.abs(pixels).max(axis=(0, 1))
    is_plain = around <= 1e-5 * largest
    middle = np.moveaxis(pixels[stride + 1 : -stride - 1, stride + 1 : -stride - 1], 2, 0)
    cuts = tuple(slice(None, n // stride * stride) for n in image.shape[:2])

    def over(*arounds: Any, size: Any = here, least: Any = 1e-5 * largest) -> list[float]:
        plain = [around <= least for around in arounds]
        return [
            float(np.mean(np.where(p, 0, np.maximum(1 - size / np.where(p, 1, around), 0))))
            for around, p in zip(arounds, plain, strict=True)
        ]

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
            *over(around.mean(), np.sqrt(near.mean() * far.mean()), size=here.mean()),
            lambda: _grid(pixels.mean(axis=2), stride=stride),
        ],
        "not-clipped": [
            float(np.mean(np.where(is_plain, 0, 1 - shares))),
            max(float(np.mean(np.where(is_plain, 0, 1 - shares))), 0.0),
        ],
        "share": float(np.mean(np.where(is_plain, 0, shares))),
        "cut-to-periods": lambda: _grid(image[cuts], stride=stride),
        "period-two": [
            lambda: _grid(image, stride=2),
            lambda: scored([_kept(image, lag, stride) for lag in (1, 2, 3)]),
        ],
        "threshold": [
            *over(around, least=1e-5),
            *over(around, least=1e-5 * pixels.max((0, 1))),
            *over(around, least=1e-5 * largest.max()),
            *over(around, least=1e-5 * np.abs(middle).max(axes)),
        ],
        "no-threshold": [*over(around, least=0), *over(around, least=1e-12)],
        "plain-left-out": float(lit.mean()) if lit.size else 0.0,
        "zero-over-zero": float(np.mean(np.maximum(1 - shares, 0))),
    }


# ------------------------------------------------------------------------------ audit
@visible_check("models", "noises", "period", "limit", points=3, name="audit")
def audit_models(trial: Trial) -> None:
    """Models with and without a grid, some with one in training, one image or one channel only."""
    generator = np.random.default_rng(_SEED)
    cases = [audit_case(generator, 2, 1, images=16), audit_case(generator, 3, 3, 0.42)]
    expect_audited(trial, cases)


def expect_audited(trial: Trial, cases: Sequence[tuple[Any, ...]]) -> None:
    """Have some cases audited; name the mistake that explains every answer, if just one does.

    Args:
        trial: Of an answer.
        cases: What it is called with, as `audit_case` makes it.
    """
    found, right = [], []
    for case in cases:
        result = trial.call(*case)
        if not isinstance(result, list | tuple | set | frozenset):
            trial.report("not-names", given=models.describe(result))
        for name in result:
            if not isinstance(name, str) or name not in case[0]:
                trial.report("another-name", name=repr(name))
        found.append(set(result))
        made, noises, *limits = case
        right.append(_prone(made, noises, **dict(zip(("period", "limit"), limits, strict=False))))
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


def _scores(
    model: keras.Model,
    noise: np.ndarray,
    period: int,
    *,
    training: bool = False,
    of_mean: bool = False,
) -> np.ndarray:
    """The score of each channel of each image, or of their mean: (N, C)."""
    images = np.asarray(model(noise, training=training))
    images = images.mean(axis=0, keepdims=True) if of_mean else images
    count, rows, columns, channels = images.shape
    flat = np.moveaxis(images, 0, 2).reshape(rows, columns, -1)
    return _grids(flat, period).reshape(count, channels)


def _prone(made: dict, noises: dict, *, period: int, limit: float = 0.1) -> set[str]:
    return {name for name in made if _scores(made[name], noises[name], period).mean() > limit}


def _wrong_audits(
    made: dict[str, keras.Model], noises: dict[str, np.ndarray], period: int, limit: float = 0.1
) -> Mistakes:
    """The names that mistakes lead to, by kind."""
    pairs = {name: (model, noises[name]) for name, model in made.items()}
    scores = {name: _scores(*pair, period) for name, pair in pairs.items()}
    right = _prone(made, noises, period=period, limit=limit)
    measured = {
        "training-mode": [_scores(*pair, period, training=True).mean() for pair in pairs.values()],
        "period-two": [_scores(*pair, 2).mean() for pair in pairs.values()],
        "by-order": [
            _scores(*pair, period).mean()
            for pair in zip(made.values(), noises.values(), strict=True)
        ],
        "images-averaged": [_scores(*pair, period, of_mean=True).mean() for pair in pairs.values()],
        "first-image": [s[0].mean() for s in scores.values()],
        "largest-image": [s.mean(axis=1).max() for s in scores.values()],
        "smallest-image": [s.mean(axis=1).min() for s in scores.values()],
        "first-channel": [s[:, 0].mean() for s in scores.values()],
        "largest-channel": [s.max(axis=1).mean() for s in scores.values()],
        "added": [s.mean(axis=1).sum() for s in scores.values()],
    }
    by_default = _prone(made, noises, period=period)
    return {
        **{k: {n for n, s in zip(made, v, strict=True) if s > limit} for k, v in measured.items()},
        "limit-ignored": by_default,
        "clean-ones": made.keys() - right,
        "all-names": set(made) if by_default != set(made) else None,
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
@visible_check("model", points=6)
def cheaper(trial: Trial) -> None:
    """Two pairs in a chain, zeros before the mean, rows to crop, pairs that stay, skips."""
    generator = np.random.default_rng(_SEED)
    for model in [
        resizing([(3, 2), (5, 2)]),
        resizing([(3, 3), (2, 2), (1, 2)], activation="tanh", by_adding=True),
        resizing_with_skips(),
    ]:
        expect_cheaper(trial, model, generator)


# ------------------------------------------------------------------------------ replace_transposed
@visible_check("model", points=4, name="replace_transposed")
def replace_transposed_with_weights(trial: Trial) -> None:
    """A chain, then models in which a feature map has two readers."""
    generator = np.random.default_rng(_SEED)
    for model in [
        chain([(3, 2), (4, 3), (3, 1)], use_bias=False, activation="elu", by_adding=True),
        with_skips("concatenate", kernel_size=(2, 3)),
    ]:
        expect_replaced_with_weights(trial, model, generator)
