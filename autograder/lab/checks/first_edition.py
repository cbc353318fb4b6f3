"""Visible checks that exercises of the first edition had, for releases that are still graded.

The module of the exercise's assignment imports them, so that a kept release finds them where they
were. Nothing of today's notebooks calls them.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from autograder.lab import graphs, models, oracle, rebuilt
from autograder.lab.blocks import expect_resize_conv
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.small_models import chain, with_skips
from autograder.lab.trial import Trial

_SEED = 4


# --------------------------------------------------------------------------------- adjoint_pair
@visible_check("kernel", "x", "y", "stride", points=3)
def adjoint_pair(trial: Trial) -> None:
    """Two pairs that agree, and shapes that do not fit."""
    kernel, x = np.array([[1.0, 2.0], [3.0, 5.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    expect_pair(trial, kernel, x, np.array([[1.0, -1.0], [2.0, 0.0]]), 1)
    generator = np.random.default_rng(1)
    kernel, x, y = (generator.normal(size=shape) for shape in [(2, 3), (4, 7), (2, 3)])
    expect_pair(trial, kernel, x, y, 2)
    for x_shape, y_shape in [((4, 7), (3, 3)), ((5, 7), (2, 3))]:
        x, y = (generator.normal(size=shape) for shape in (x_shape, y_shape))
        expect_bad_shapes(trial, kernel, x, y, 2)


def expect_pair(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Compare both inner products with Keras'."""
    length = np.linalg.norm(oracle.conv2d(x, kernel, stride=stride)) * np.linalg.norm(y)
    single = any(a.dtype == np.float32 for a in (kernel, x, y))
    atol = (1e-4 if single else 1e-5) * float(length)
    trial.compare(_pair, kernel, x, y, stride, mistakes=_wrong_pairs, atol=atol)


def _pair(kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int) -> tuple[float, float]:
    forward, back = oracle.conv2d(x, kernel, stride=stride), oracle.stamps(y, kernel, stride=stride)
    if forward.shape != y.shape or back.shape != x.shape:
        raise ValueError("the shapes do not belong together")
    there, here = (forward * y).sum(), (x * back).sum()
    return float(there), float(here)


def _wrong_pairs(kernel: np.ndarray, *others: Any) -> Mistakes:
    (first, second), (first_turned, second_turned) = (
        _pair(k, *others) for k in (kernel, kernel[::-1, ::-1])
    )
    return {
        "turned-on-the-way-back": (first, second_turned),
        "turned-in-the-convolution": (first_turned, second),
        "turned-in-both": (first_turned, second_turned),
    }


def expect_bad_shapes(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Shapes that do not belong together must be refused."""
    trial.expect_error(ValueError, ("x", "y"), kernel, x, y, stride)


# --------------------------------------------------------------------------------- round_trip_error
@visible_check("x", "kernel", "stride", points=3)
def round_trip_error(trial: Trial) -> None:
    """Examples that can be worked out on paper, and a kernel that is scaled."""
    for scale in (1.0, -0.25):
        trial.compare(
            lambda _: math.sqrt(1 / 6),
            scale,
            mistakes=_wrong_errors,
            call=lambda scale: (_PAGE, scale * np.ones((2, 2)), 1),
        )
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(math.sqrt(6 / 7))  # back comes [-1, 0, 1]
    x, kernel = np.array([[1.0, 2.0, 3.0, 4.0], [0] * 4]), np.array([[1.0, 2.0], [0, 0]])
    trial.call(x, kernel, 2)
    trial.expect(math.sqrt(2 / 75))  # back comes [[5, 10, 11, 22], [0, 0, 0, 0]]
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[5.0]]), 1)
    trial.expect(0.0)
    trial.call(np.array([[2.0, 2.0, 2.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(1.0, {"zero-over-zero": math.nan, "zero-is-no-error": 0.0})


_PAGE = np.array([[1.0, 2.0], [3.0, 4.0]])


def _wrong_errors(scale: float) -> Mistakes:
    """What comes out for the page's image and a kernel in which each entry is `scale`."""
    back, size = 10 * scale**2, np.linalg.norm(_PAGE)  # `back` comes back in every entry
    return {
        "not-scaled": float(np.linalg.norm(_PAGE - back) / size),
        "not-relative": math.sqrt(5),
        "squared": 1 / 6,
        "relative-to-what-came-back": [math.sqrt(5) / (2 * back), math.sqrt(5) / 5],
        "scaled-to-the-same-length": float(np.linalg.norm(_PAGE - math.sqrt(7.5)) / size),
        "factor-over-x": float(np.linalg.norm(_PAGE - back * (10 * back / 30)) / size),
    }


# --------------------------------------------------------------------------------- is_flat
_ODD = np.array([0.2, 0.5, 0.6, 0.5, 0.2])  # both phase sums at stride 2 are 1


@visible_check("kernel", "stride", "tol", points=3)
def is_flat(trial: Trial) -> None:
    """Kernels for which the size is misleading, and a tolerance."""
    generator = np.random.default_rng(_SEED)
    expect_flat(trial, np.ones((4, 4)), 2)
    expect_flat(trial, np.ones((3, 3)), 2)
    expect_flat(trial, generator.normal(size=(4, 4)), 2)
    expect_flat(trial, np.outer(_ODD, _ODD), 2)
    expect_flat(trial, np.outer(_ODD, [1.0, 2.0]), 2)
    expect_flat(trial, np.array([[1.0, 1.001]]), 1)
    nearly = np.ones((2, 2)) + np.array([[0, 0.03], [0, 0]])
    expect_flat(trial, nearly, 2, 0.1)
    expect_flat(trial, nearly, 2, 0.01)
    expect_flat(trial, nearly, 2, 0.025)  # the standard deviation is 0.013
    expect_flat(trial, 100 * nearly, 2, 0.1)  # 0.03 of the mean
    expect_flat(trial, np.array([[1.0, 1.5]]), 2, 1.5)  # the phase sums are 0, 0, 1 and 1.5


def expect_flat(trial: Trial, kernel: np.ndarray, stride: int, *tol: float) -> None:
    """Compare one verdict with Keras' response to a constant image."""
    trial.compare(_is_flat, kernel, stride, *tol, mistakes=_wrong_verdicts)


def _is_flat(kernel: np.ndarray, *, stride: int, tol: float = 1e-6) -> bool:
    return bool(np.ptp(oracle.flat_response(kernel, stride=stride)) <= tol)


def _wrong_verdicts(kernel: np.ndarray, stride: int, tol: float = 1e-6) -> Mistakes:
    interior = oracle.flat_response(kernel, stride=stride)
    spread, lines = np.ptp(interior), [np.ptp(interior, axis=axis).max() for axis in (0, 1)]
    wrong = {
        "tolerance": [spread <= 1e-6, spread == 0],
        "only-the-size": [all(n % stride == 0 for n in kernel.shape)],
        "one-axis": [line <= tol for line in lines],
        "deviation": [interior.std() <= tol, np.abs(interior - interior.mean()).max() <= tol],
        "relative": [spread <= tol * abs(interior.mean()), spread <= tol * np.abs(interior).max()],
        "below": [spread < tol],
        "magnitudes": [np.ptp(np.abs(interior)) <= tol],
    }
    return {kind: [bool(verdict) for verdict in verdicts] for kind, verdicts in wrong.items()}


# ------------------------------------------------------------------------------ checkerboard_score
@visible_check("image", "stride", points=7)
def checkerboard_score(trial: Trial) -> None:
    """Images whose phase means and root mean square are known, then the special cases."""
    generator = np.random.default_rng(_SEED)
    expect_score(trial, (4, 4), 2, generator)
    expect_score(trial, (6, 9), 3, generator)
    expect_score(trial, (7, 5), 2, generator)
    expect_score(trial, (6, 8, 3), 2, generator)
    expect_score(trial, (6, 4, 2), 2, generator, dark=True)
    trial.expect_error(ValueError, ("image", "stride"), np.ones((2, 5)), 3)


def expect_score(
    trial: Trial,
    shape: tuple[int, ...],
    stride: int,
    generator: np.random.Generator,
    *,
    dark: bool = False,
    dtype: str = "float64",
) -> None:
    """Make an image of known phase means, and compare its score; then that of a scaled copy.

    Args:
        trial: The trial.
        shape: (H, W) or (H, W, C).
        stride: Period of the phases.
        generator: Draws the image.
        dark: Make the first channel zero everywhere.
        dtype: Of the image.
    """
    rows, columns, channels = *shape[:2], (*shape, 1)[2]
    high, wide = rows // stride, columns // stride  # whole periods
    means = generator.normal(0.4, 1, (stride, stride, channels))
    rest = generator.normal(0, 1, (high, stride, wide, stride, channels))
    border = generator.normal(3, 1, (rows, columns, channels))
    for array in (means, rest, border) if dark else ():
        array[..., 0] = 0
    for factor in (1, -250):

        def call(means: np.ndarray, *parts: np.ndarray, factor=factor) -> tuple[np.ndarray, int]:
            image = factor * _image_of_means(means, *parts)
            image = image if len(shape) == 3 else image[..., 0]
            return np.asfortranarray(image.astype(dtype)), len(means)

        given = means, rest, border
        trial.compare(_score, *given, mistakes=_wrong_scores, call=call, rtol=1e-4)


def _image_of_means(means: np.ndarray, rest: np.ndarray, border: np.ndarray) -> np.ndarray:
    """An image (H, W, C) whose phase means are known: `rest` is added without changing them."""
    high, stride, wide, *_ = rest.shape
    periods = tuple(n // stride for n in border.shape[:2])
    if rest[0, :, 0].shape != means.shape or (high, wide) != periods:
        raise ValueError("these are no whole periods")
    image = border.copy()
    image[: high * stride, : wide * stride] = (
        means[None, :, None] + rest - rest.mean(axis=(0, 2), keepdims=True)
    ).reshape(high * stride, wide * stride, -1)
    return image


def _score(means: np.ndarray, rest: np.ndarray, border: np.ndarray) -> float:
    """The mean over channels of phase deviation over root mean square; 0 for a dark channel."""
    loud = np.sqrt(_power(means, rest))
    spread = means.std(axis=(0, 1))
    return float(np.mean(np.divide(spread, loud, out=np.zeros_like(loud), where=loud > 0)))


def _power(means: np.ndarray, rest: np.ndarray) -> np.ndarray:
    rest = rest - rest.mean(axis=(0, 2), keepdims=True)
    return np.mean(means**2, axis=(0, 1)) + np.mean(rest**2, axis=(0, 1, 2, 3))


def _wrong_scores(means: np.ndarray, rest: np.ndarray, border: np.ndarray) -> Mistakes:
    pixels, power, stride = _image_of_means(means, rest, border), _power(means, rest), len(means)
    lit, spread = power > 0, means.std(axis=(0, 1))
    loud = np.sqrt(np.mean(pixels**2, axis=(0, 1)))
    high, wide = len(rest), rest.shape[2]
    inner = pixels[: high * stride, : wide * stride]
    sample = stride / np.sqrt(max(stride**2 - 1, 1))  # ddof=1 over ddof=0
    wrong = {
        "sample-deviation": spread / np.sqrt(power) * sample,
        "divided-by-phase-means": spread / np.sqrt(np.mean(means**2, axis=(0, 1))),
        "pixels-outside": spread / loud,
        "divided-by-the-mean": spread / np.abs(means.mean(axis=(0, 1))),
        "variance": spread**2 / np.sqrt(power),
        "not-scaled": spread,
    }
    scores = (spread / np.sqrt(power))[lit]
    deviations = [x.std(axis=(0, 1)) / np.sqrt(np.mean(x**2, axis=(0, 1))) for x in (pixels, inner)]

    def averaged(values: np.ndarray) -> float:
        return float(np.mean(np.where(lit, values, 0)))

    return {
        **{kind: averaged(values) for kind, values in wrong.items()},
        "all-pixels": [averaged(values) for values in deviations],
        "dark-channel-left-out": float(scores.mean() if lit.any() else 0),
        "zero-over-zero": float(scores.mean()) if lit.all() else np.nan,
    }


# --------------------------------------------------------------------------------- audit
_PRONE, _CLEAN = "prone", "clean"
_EXAMPLES = {
    _PRONE: {
        "k3s2": [("transpose", 3, 2)],
        "k4s2 twice": [("transpose", 4, 2), ("transpose", 4, 2)],
        "k2s2, k3s1": [("transpose", 2, 2), ("transpose", 3, 1)],
        "k3s2, then resize": [("transpose", 3, 2), ("resize", 3, 2)],
    },
    _CLEAN: {
        "resize": [("resize", 3, 2)],
        "k3s1 twice": [("transpose", 3, 1), ("transpose", 3, 1)],
        "bilinear": [("bilinear", 4, 2)],
    },
}


@visible_check("decoders", "seeds", points=5)
def audit(trial: Trial) -> None:
    """Seven decoders, four of them prone."""
    expect_audit(trial, _EXAMPLES[_PRONE], _EXAMPLES[_CLEAN], [0, 1, 2])


def expect_audit(trial: Trial, prone: dict, clean: dict, seeds: Sequence[int]) -> None:
    """Have decoders audited whose kinds are known from their layers, in a mixed order."""
    decoders = dict(sorted({**prone, **clean}.items()))
    expected = [name for name in decoders if name in prone]
    result = trial.call(decoders, list(seeds))
    if not isinstance(result, list) or not all(isinstance(name, str) for name in result):
        trial.report("not-a-list", given=models.describe(result))
    for name in result:
        if name not in decoders:
            trial.report("another-name", name=repr(name))
    for name, layers in decoders.items():
        if (name in result) == (name in prone):
            continue
        kind = "listed" if name in clean else "left-out"
        strided = [layer for layer in layers if layer[0] == "transpose" and layer[2] > 1]
        if name in prone and all(k % s == 0 for _, k, s in strided):
            kind = "divisible-left-out"
        elif name in prone and layers[-1][0] == "resize":
            kind = "enlarged-left-out"
        elif name in clean and layers[0][0] == "bilinear":
            kind = "bilinear-listed"
        trial.report(kind, name=repr(name), layers=layers)
    if result != expected:
        trial.report("another-order", given=result, expected=expected)


# --------------------------------------------------------------------------------- resize_conv
@visible_check("x", "filters", "kernel_size", "factor", points=3)
def resize_conv(trial: Trial) -> None:
    """The defaults, then another kernel size and factor; the numbers come from Keras."""
    generator = np.random.default_rng(_SEED)
    expect_resize_conv(trial, (4, 4, 2), 3, (), generator)
    expect_resize_conv(trial, (3, 5, 2), 4, (2, 3), generator)


# ------------------------------------------------------------------------------ replace_transposed
@visible_check("model", points=6)
def replace_transposed(trial: Trial) -> None:
    """A chain, then models in which a feature map has two readers."""
    expect_replaced(trial, chain([(3, 2), (4, 2)]))
    expect_replaced(trial, chain([(5, 3), (3, 1)], use_bias=False, activation="elu"))
    expect_replaced(trial, with_skips("concatenate"))
    expect_replaced(trial, with_skips("add", kernel_size=(2, 3)))


def expect_replaced(trial: Trial, model: keras.Model) -> None:
    """Have one model rebuilt; look at its layers, at what reads what, and at the argument."""
    strided = graphs.strided_transposes(model)
    kind = "Sequential" if isinstance(model, keras.Sequential) else "functional"
    layers = [f"{t.kernel_size[0]}x{t.kernel_size[1]} stride {t.strides[0]}" for t in strided]
    given = f"a {kind} model with the transposed convolutions {', '.join(layers)}"
    new = models.call_to_rebuild(trial, model, given)
    left = graphs.strided_transposes(new)
    if left:
        trial.report("transposed-left", count=len(left))
    now = Counter(rebuilt.signatures_in(new))
    then = Counter(rebuilt.signatures_in(model, rebuilt.resized_instead))
    if now != then:
        missing, extra = (
            "; ".join(map(rebuilt.as_text, signatures.elements()))
            for signatures in (then - now, now - then)
        )
        trial.report("settings", missing=missing or "nothing", extra=extra or "nothing")
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    if rebuilt.structure_of(new) != rebuilt.structure_of(model, rebuilt.resized_instead):
        trial.report("another-input")
    shape = (1, *new.inputs[0].shape[1:])
    y = models.run(trial, new, np.ones(shape, "float32"))
    if y.shape[1:] != tuple(model.outputs[0].shape[1:]):
        trial.report("another-size", shape=shape, returned=y.shape)
