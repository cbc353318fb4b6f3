"""Visible checks of assignment 04-checkerboard-artifacts, for its notebook and its hidden tests.

The right answers come from Keras' operations and gradients, or from examples that were made so that
the answer is known.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
import numpy as np

from autograder.lab import checking, graphs, models, oracle
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.trial import Trial

_SEED = 4


# ------------------------------------------------------------------------------ overlap_count
@visible_check("n", "kernel_size", "stride", points=4)
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
@visible_check("kernel", "stride", points=3)
def phase_sums(trial: Trial) -> None:
    """A square kernel, a non-square one, and one that is smaller than the stride."""
    generator = np.random.default_rng(_SEED)
    for shape, stride in [((3, 3), 2), ((4, 5), 2), ((2, 5), 3)]:
        kernel = (generator.integers(-9, 10, shape) / 4).astype("float32")
        expect_phase_sums(trial, kernel, stride)


def expect_phase_sums(trial: Trial, kernel: np.ndarray, stride: int) -> None:
    """Compare one matrix with the interior of Keras' output for an input of ones."""
    trial.compare(_flat_response, kernel, stride, mistakes=_wrong_sums)


def _wrong_sums(kernel: np.ndarray, stride: int) -> Mistakes:
    right = _flat_response(kernel, stride=stride)
    counts = _flat_response(np.ones_like(kernel), stride=stride)
    whole = kernel[tuple(slice(n // stride * stride) for n in kernel.shape)]
    return {
        "averaged": [right / np.maximum(counts, 1), right / np.where(counts > 0, counts, np.nan)],
        "counted": counts,
        "blocks": lambda: _blocks(kernel, stride),
        "kernel-turned": _flat_response(kernel[::-1, ::-1], stride=stride),
        "whole-periods-only": lambda: (
            _flat_response(whole, stride=stride) if whole.size else 0 * right
        ),
    }


def _flat_response(kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """One period of Keras' transposed convolution of ones, far from the border."""
    reach = -(-max(kernel.shape) // stride)  # stamps that may reach a pixel along one axis
    y = oracle.conv2d_transpose(np.ones((2 * reach + 1,) * 2), kernel, stride)
    start = reach * stride
    return y[start : start + stride, start : start + stride]


def _blocks(kernel: np.ndarray, stride: int) -> np.ndarray:
    rows, columns = (np.array_split(np.arange(n), stride) for n in kernel.shape)
    return np.array([[kernel[np.ix_(r, c)].sum() for c in columns] for r in rows])


# ------------------------------------------------------------------------------ is_flat
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
    return bool(np.ptp(_flat_response(kernel, stride=stride)) <= tol)


def _wrong_verdicts(kernel: np.ndarray, stride: int, tol: float = 1e-6) -> Mistakes:
    interior = _flat_response(kernel, stride=stride)
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


# ------------------------------------------------------------------------------ audit
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


# ------------------------------------------------------------------------------ gradient_overlap
@visible_check("n", "kernel_size", "stride", points=4)
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


# ------------------------------------------------------------------------------ resize_conv
@visible_check("x", "filters", "kernel_size", "factor", points=3)
def resize_conv(trial: Trial) -> None:
    """The defaults, then another kernel size and factor; the numbers come from Keras."""
    generator = np.random.default_rng(_SEED)
    expect_resize_conv(trial, (4, 4, 2), 3, (), generator)
    expect_resize_conv(trial, (3, 5, 2), 4, (2, 3), generator)


def block_model(block, input_shape: tuple[int, ...], *arguments: int) -> keras.Model:
    """A model of what `block(x, *arguments)` does to tensors of this shape (no batch axis).

    The set-up cell imports it, so that grading can call it where the student's block is.
    """
    x = keras.Input(input_shape)
    return keras.Model(x, block(x, *arguments))


def expect_resize_conv(
    trial: Trial,
    input_shape: tuple[int, int, int],
    filters: int,
    options: tuple[int, ...],
    generator: np.random.Generator,
) -> None:
    """Make a model of the block, look at its layers, then compare its numbers."""
    size, factor = (*options, *(3, 2)[len(options) :])
    block = trial.function
    trial.function = partial(checking.student_side(block_model), block)
    trial.call(input_shape, filters, *options)
    trial.function = block
    model = models.expect_model(trial, tuple(input_shape))
    layers = models.layers_of(model)
    kinds = [type(layer).__name__ for layer in layers]
    if "Conv2DTranspose" in kinds:
        trial.report("transposed-convolution")
    if kinds == ["Conv2D", "UpSampling2D"]:
        trial.report("convolution-first")
    if kinds != ["UpSampling2D", "Conv2D"]:
        trial.report("layers", given=", ".join(kinds) or "no layer")
    upsampling, convolution = layers
    activation = models.activation_of(convolution) or "linear"
    for layer, kind, given, expected in [
        (upsampling, "size", upsampling.size, (factor, factor)),
        (upsampling, "interpolation", upsampling.interpolation, "nearest"),
        (convolution, "filters", convolution.filters, filters),
        (convolution, "kernel-size", convolution.kernel_size, (size, size)),
        (convolution, "strides", convolution.strides, (1, 1)),
        (convolution, "padding", convolution.padding, "same"),
        (convolution, "activation", activation, "linear"),
    ]:
        if given != expected:
            name = type(layer).__name__
            trial.report(kind, at=layer, layer=name, given=given, expected=expected)
    rows, columns, _ = input_shape
    models.expect_output_shape(trial, model, (rows * factor, columns * factor, filters))
    weights = [generator.normal(size=w.shape) for w in convolution.get_weights()]
    convolution.set_weights(weights)
    x = generator.normal(size=(2, *input_shape)).astype("float32")
    large = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
    right = np.asarray(keras.ops.conv(large, weights[0].astype("float32"), padding="same"))
    trial.result = models.run(trial, model, x)
    trial.expect(right + (weights[1] if convolution.use_bias else 0), rtol=1e-4)


# ------------------------------------------------------------------------------ folded_kernel
@visible_check("kernel", "factor", points=5)
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


# ------------------------------------------------------------------------------ replace_transposed
@visible_check("model", points=6)
def replace_transposed(trial: Trial) -> None:
    """A chain, then models in which a feature map has two readers."""
    expect_replaced(trial, chain([(3, 2), (4, 2)]))
    expect_replaced(trial, chain([(5, 3), (3, 1)], use_bias=False, activation="elu"))
    expect_replaced(trial, with_skips("concatenate"))
    expect_replaced(trial, with_skips("add", kernel_size=(2, 3)))


def chain(
    transposes: Sequence[tuple[int, int]],
    *,
    input_shape: tuple[int, int, int] = (4, 6, 3),
    use_bias: bool = True,
    activation: str = "relu",
) -> keras.Sequential:
    """A Sequential decoder with `Conv2DTranspose` layers of these (kernel size, stride).

    Every layer has a name of its own: grading makes the model in one process and the student's
    layers in another, and names that Keras counts up in both could meet in the student's model.
    """
    layers: list = [keras.Input(input_shape, name="given")]
    for index, (size, stride) in enumerate(transposes):
        layers.append(
            keras.layers.Conv2DTranspose(
                5 - index,
                size,
                strides=stride,
                padding="same",
                use_bias=use_bias,
                activation=activation,
                name=f"transposed_at_{index}",
            )
        )
        layers.append(keras.layers.BatchNormalization(momentum=0.9, name=f"norm_at_{index}"))
    layers.append(
        keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="last_of_chain")
    )
    return keras.Sequential(layers)


def with_skips(
    merge: str,
    *,
    kernel_size: int | tuple[int, int] = 3,
    stride: int = 2,
    input_shape: tuple[int, int, int] = (12, 6, 2),
) -> keras.Model:
    """A small U-shaped model: three feature maps of it are read twice.

    Its layers have names of their own, as those of `chain`.

    Args:
        merge: "concatenate" or "add".
        kernel_size: Of its two strided `Conv2DTranspose` layers.
        stride: Of these, and of the pooling; divides height and width.
        input_shape: (height, width, channels).
    """
    layers = keras.layers
    join = {"concatenate": layers.Concatenate, "add": layers.Add}[merge]
    image = keras.Input(input_shape, name="given")
    level = layers.Conv2D(4, 3, padding="same", activation="relu", name="level")(image)
    low = layers.MaxPooling2D(stride, name="pooled")(level)
    low = layers.Conv2D(6, 3, padding="same", activation="relu", name="low")(low)
    up = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", activation="relu", name="first"
    )(low)
    side = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", use_bias=False, name="second"
    )(low)
    x = join(name="skip")([level, up])
    x = layers.Conv2D(4, 3, padding="same", name="mixed")(x)
    x = layers.Add(name="sum")([x, layers.Dropout(0.2, name="dropped")(side), up])
    return keras.Model(image, layers.Conv2D(2, 1, activation="softmax", name="classes")(x))


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
    now, then = (
        Counter(x for step in graphs.steps_of(m) for x in _signatures(step.operation, replaced))
        for m, replaced in ((new, False), (model, True))
    )
    if now != then:
        missing, extra = (
            "; ".join(f"{name}({settings})" for name, settings in signatures.elements())
            for signatures in (then - now, now - then)
        )
        trial.report("settings", missing=missing or "nothing", extra=extra or "nothing")
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    if _graph(new, replaced=False) != _graph(model, replaced=True):
        trial.report("another-input")
    shape = (1, *new.inputs[0].shape[1:])
    y = models.run(trial, new, np.ones(shape, "float32"))
    if y.shape[1:] != tuple(model.outputs[0].shape[1:]):
        trial.report("another-size", shape=shape, returned=y.shape)


def _signatures(layer: keras.Operation | None, replaced: bool) -> list[tuple[str, str]]:
    """Class and settings of a layer, or of the two that replace a strided transpose.

    An activation counts as a layer of its own, whether it is an argument, a layer or an operation.
    """
    if layer is None:
        return []
    maker: Any = type(layer)
    kind, settings = maker.__name__, models.settings_of(layer)
    activation = models.activation_of(layer)
    made = [(kind, settings)]
    if replaced and graphs.is_strided_transpose(layer):
        upsampling = keras.layers.UpSampling2D(layer.strides)
        made = [
            ("UpSampling2D", models.settings_of(upsampling)),
            ("Conv2D", {**settings, "strides": (1, 1)}),
        ]
    if "filters" in settings:
        made[-1][1].pop("activation")
    elif kind == "Activation":
        made = []
    elif activation and not hasattr(layer, "activation"):  # such as ReLU, a layer or an operation
        made = [] if settings == models.settings_of(maker()) else made
    if activation:
        made.append(("Activation", {"activation": activation}))
    return [(name, ", ".join(f"{k}={v}" for k, v in sorted(s.items()))) for name, s in made]


def _graph(model: keras.Model, replaced: bool) -> tuple:
    """What the output was computed by, as nested tuples of signatures."""
    made: list[tuple] = []
    for step in graphs.steps_of(model):
        inputs = tuple(made[index] for index in step.inputs)
        for signature in _signatures(step.operation, replaced):
            inputs = ((signature, inputs),)
        made.append(inputs[0] if inputs else ("input",))
    return made[-1]
