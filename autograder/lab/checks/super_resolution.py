"""Visible checks of assignment 05-super-resolution, for its notebook and its hidden tests.

TensorFlow and Keras are the oracle: `tf.image.psnr`, `tf.nn.depth_to_space` and resizing.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import graphs, models, training
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.shown import plain
from autograder.lab.training import quick_to_train  # noqa: F401 - hidden tests call it here
from autograder.lab.trial import Trial

_SEED = 5
_UPSAMPLERS = ("transpose", "resize", "subpixel")


# ------------------------------------------------------------------------------ psnr
@visible_check("a", "b", "max_val", points=5)
def psnr(trial: Trial) -> None:
    """Two images, several channels, another largest value, and an image that equals itself."""
    generator = np.random.default_rng(_SEED)
    expect_psnr(trial, (2, 4, 4, 1), generator)
    expect_psnr(trial, (3, 4, 6, 3), generator)
    expect_psnr(trial, (2, 3, 5, 1), generator, max_val=255.0)
    expect_psnr(trial, (2, 3, 5, 1), generator, dtype="float64", equal=True)


def expect_psnr(
    trial: Trial,
    shape: tuple[int, int, int, int],
    generator: np.random.Generator,
    max_val: float | None = None,
    dtype: str = "float32",
    equal: bool = False,
) -> None:
    """Compare one batch with `tf.image.psnr`; `max_val=None` leaves it at its default.

    The images of a batch have noise of different strength; `equal` makes the last one equal.
    """
    top = 1.0 if max_val is None else max_val
    a = np.asfortranarray((top * generator.random(shape)).astype(dtype))
    strength = top * 0.02 * 2.0 ** np.arange(len(a)).reshape(-1, 1, 1, 1)
    b = np.asfortranarray((a + strength * generator.normal(size=shape)).astype(dtype))
    if equal:
        b[-1] = a[-1]
    given = (a, b) if max_val is None else (a, b, max_val)
    trial.compare(_decibels, *given, mistakes=_wrong_decibels, rtol=1e-4)


def _wrong_decibels(a: np.ndarray, b: np.ndarray, top: float = 1.0) -> Mistakes:
    right = _decibels(a, b=b, top=top)
    one = a.reshape(1, -1, 1, 1), b.reshape(1, -1, 1, 1)  # each batch as a single image
    of_absolute = _decibels_of_mean_absolute(a, b, top)
    with np.errstate(all="ignore"):
        largest = _decibels(a, b=b, top=1.0) + 20 * np.log10(a.max(axis=(1, 2, 3)))
    return {
        "nan": np.where(np.isinf(right), np.nan, right),
        "shared-error": float(_decibels(one[0], b=one[1], top=top)[0]),
        "no-max-val": _decibels(a, b=b, top=1.0),
        "largest-pixel": largest,
        "max-val-not-squared": right - 10 * np.log10(top),
        "factor-20": 2 * right,
        "natural-logarithm": right * np.log(10),
        "absolute-error": [2 * of_absolute, of_absolute],
        "summed-error": right - 10 * np.log10(a[0].size),
        "each-channel": np.stack(
            [_decibels(a[..., c : c + 1], b=b[..., c : c + 1], top=top) for c in range(a.shape[3])]
        ).mean(axis=0),
    }


def _decibels(a: np.ndarray, *, b: np.ndarray, top: float = 1.0) -> np.ndarray:
    return np.asarray(tf.image.psnr(a.astype("float64"), b.astype("float64"), top), "float64")


def _decibels_of_mean_absolute(a: np.ndarray, b: np.ndarray, top: float) -> np.ndarray:
    """What comes out with the mean absolute error in place of the squared one."""
    loss = keras.losses.MeanAbsoluteError(reduction="none")
    absolute = np.asarray(loss(*(i.reshape(len(i), -1) for i in (a, b))))
    with np.errstate(all="ignore"):
        return 10 * np.log10(top / absolute)


# ------------------------------------------------------------------------------ macs_per_pixel
@visible_check("upsampler", "kernel_size", "factor", points=4)
def macs_per_pixel(trial: Trial) -> None:
    """Each upsampler at the sizes of the text; stored values."""
    for arguments, count in _MACS.items():
        expect_macs(trial, *arguments, count)


_MACS = {
    ("transpose", 2, 2): 1.0,
    ("transpose", 3, 2): 2.25,
    ("transpose", 6, 3): 4.0,
    ("resize", 3, 2): 9.0,
    ("resize", 5, 3): 25.0,
    ("subpixel", 3, 2): 9.0,
    ("subpixel", 5, 3): 25.0,
}


def expect_macs(
    trial: Trial, upsampler: str, kernel_size: int, factor: int, expected: float
) -> None:
    """Compare one count with a stored value; mistakes are tried on all that are stored."""
    given = upsampler, kernel_size, factor
    known = _MACS | {given: float(expected)}

    def count(*given: Any) -> float:
        return known[given]

    def mistakes(upsampler: str, kernel_size: int, factor: int) -> Mistakes:
        right = count(upsampler, kernel_size, factor)
        per_phase = factor**2

        def only(kind: str, wrong: float) -> float:
            return wrong if upsampler == kind else right

        return {
            "whole-kernel": only("transpose", right * per_phase),
            "factor-once": only("transpose", right * factor),
            "low-resolution": only("resize", right / per_phase),
            "too-few-channels": only("subpixel", right / per_phase),
            "too-many-channels": only("subpixel", right * per_phase),
            "one-side": right / kernel_size,
            "input-pixel": right * per_phase,
            "whole-numbers": float(right // 1),
        }

    trial.compare(count, *given, mistakes=mistakes, others=known)


# ------------------------------------------------------------------------------ depth_to_space
@visible_check("x", "factor", points=7)
def depth_to_space(trial: Trial) -> None:
    """One output channel, then two, then factor 3 and a non-square image."""
    generator = np.random.default_rng(_SEED)
    expect_shuffled(trial, (1, 2, 2, 4), 2, generator)
    expect_shuffled(trial, (1, 1, 2, 8), 2, generator)
    expect_shuffled(trial, (2, 3, 2, 18), 3, generator, "float64")


def expect_shuffled(
    trial: Trial,
    shape: tuple[int, int, int, int],
    factor: int,
    generator: np.random.Generator,
    dtype: str = "float32",
) -> None:
    """Compare one array with `tf.nn.depth_to_space`."""
    x = np.asfortranarray(generator.permutation(np.prod(shape)).reshape(shape).astype(dtype))
    trial.compare(_shuffled, x, factor, mistakes=_shuffle_mistakes, dtype=dtype)


def _shuffled(x: np.ndarray, *, factor: int, order: np.ndarray | None = None) -> np.ndarray:
    """TensorFlow's depth to space, of channels that were taken in another order before."""
    x = np.array(x if order is None else x[..., order], order="C")
    return x if factor == 1 else tf.nn.depth_to_space(x, factor).numpy()


def _orders(channels: int, factor: int) -> dict[str, np.ndarray]:
    """Other orders in which one may read the channels."""
    numbers = np.arange(channels)
    places = numbers.reshape(factor, factor, -1)
    return {
        "torch": numbers.reshape(-1, factor**2).T.ravel(),
        "turned": places.transpose(1, 0, 2).ravel(),
    }


def _shuffle_mistakes(x: np.ndarray, factor: int) -> Mistakes:
    n, rows, columns, channels = x.shape
    if factor == 1 or channels == 1:
        return {}
    orders = _orders(channels, factor)
    whole = (n, rows * factor, columns * factor, channels // factor**2)
    return {
        "rows-and-columns": lambda: _shuffled(x, factor=factor, order=orders["turned"]),
        "torch-order": lambda: _shuffled(x, factor=factor, order=orders["torch"]),
        "reshape-only": lambda: np.array(x, order="C").reshape(whole),
    }


# ------------------------------------------------------------------------------ subpixel_block
@visible_check("shape of x", "filters", "factor", points=6)
def subpixel_block(trial: Trial) -> None:
    """The function under test makes a model of the block: (input shape, filters, factor)."""
    generator = np.random.default_rng(_SEED)
    expect_subpixel(trial, (3, 4, 2), (1, 2), generator)
    expect_subpixel(trial, (2, 3, 3), (2, 2), generator)
    expect_subpixel(trial, (3, 2, 1), (2, 3), generator)


def expect_subpixel(
    trial: Trial,
    input_shape: tuple[int, int, int],
    arguments: tuple[int, ...],
    generator: np.random.Generator,
) -> None:
    """Make one block, look at its layers, give it random weights, and compare the numbers.

    Args:
        trial: Of a function that takes an input shape and the block's arguments after `x`.
        input_shape: Of the block's input, without the batch axis.
        arguments: `filters`, and `factor` where it is not left at its default of 2.
        generator: Of the random weights and inputs.
    """
    filters, factor = (*arguments, 2)[:2]
    trial.call(input_shape, *arguments)
    model = models.expect_model(trial, input_shape)
    layers = models.layers_of(model)
    convolutions = [x for x in layers if isinstance(x, keras.layers.Conv2D)]
    if strided := graphs.strided_transposes(model):
        trial.report("strided-transpose", at=strided[0])
    if len(convolutions) != 1:
        trial.report("not-one-convolution", count=len(convolutions))
    (convolution,) = convolutions
    depth = filters * factor**2
    if convolution.filters != depth:
        given = {"filters": convolution.filters, "factor": factor}
        trial.report("filters", at=convolution, depth=depth, expected=filters, **given)
    for layer in layers:
        activation = models.activation_of(layer)
        if activation:
            trial.report("activation", at=layer, activation=activation)
    rows, columns, _ = input_shape
    right = (rows * factor, columns * factor, filters)
    given = tuple(model.outputs[0].shape[1:])
    if convolution.padding != "same" and given != right:
        trial.report("valid-padding", shape=given, expected=right)
    models.expect_output_shape(trial, model, right)
    for weight in convolution.weights:
        weight.assign(generator.normal(0, 1, weight.shape))
    x = generator.normal(0, 1, (2, *input_shape)).astype("float32")
    y = keras.ops.conv(x, convolution.kernel, strides=convolution.strides, padding="same")
    y = np.asarray(y if convolution.bias is None else y + convolution.bias)
    trial.result = models.run(trial, model, x)
    expected = _shuffled(y, factor=factor)
    mistakes = {**_shuffle_mistakes(y, factor), "activation-after": np.maximum(expected, 0)}
    trial.expect(expected, mistakes, rtol=1e-4)


# ------------------------------------------------------------------------------ icnr
@visible_check("shape", "factor", "rng", points=8)
def icnr(trial: Trial) -> None:
    """One output channel, where every order is right; two, where it matters; factor 3."""
    for example in [((3, 3, 2, 4), 2), ((3, 3, 4, 8), 2), ((1, 3, 2, 27), 3)]:
        expect_icnr(trial, *example, _SEED)


def expect_icnr(trial: Trial, shape: tuple[int, int, int, int], factor: int, seed: int) -> None:
    """Judge one kernel by what a sub-pixel convolution makes of it, and by its randomness."""
    kernels = []
    for start in (seed, seed, seed + 1):
        trial.call(tuple(shape), factor, np.random.default_rng(start))
        kernels.append(_kernel(trial, shape))
    kernel, again, other = kernels
    if not np.array_equal(kernel, again):
        trial.report("unseeded")
    outputs = shape[3] // factor**2
    if np.array_equal(kernel, other):
        if np.ptp(kernel) > 0:
            trial.report("rng-unused")
        trial.report("constant", value=kernel.flat[0] + 0)
    x = np.random.default_rng(seed).normal(size=(1, 6, 7, shape[2])).astype("float32")
    y = np.asarray(keras.ops.conv(x, kernel, padding="same"))  # (1, 6, 7, outputs*factor**2)
    output = _shuffled(y, factor=factor)
    if not _blocks_are_flat(output, factor):
        side_by_side = _shuffled(y, factor=factor, order=_orders(shape[3], factor)["torch"])
        trial.report("torch-order" if _blocks_are_flat(side_by_side, factor) else "grid")
    copies = kernel.reshape(*shape[:3], factor**2, outputs)
    if np.any(np.ptp(copies, axis=3).max(axis=(0, 1, 2)) > 1e-3 * copies.std(axis=(0, 1, 2, 3))):
        trial.report("kernels-differ")
    for one in range(outputs):
        if np.ptp(output[..., one]) < 1e-6:
            trial.report("constant-channel", channel=one)
        for two in range(one):
            if np.allclose(output[..., one], output[..., two], atol=1e-6):
                trial.report("equal-channels", first=two, second=one, count=outputs)
    samples = kernel[..., 0].reshape(-1, shape[2])  # one row for each position
    if len(samples) > 1 and np.all(samples == samples[0]):
        trial.report("one-position")


def _kernel(trial: Trial, shape: tuple[int, ...]) -> np.ndarray:
    kernel = plain(trial.result)
    if not isinstance(kernel, np.ndarray):
        trial.expect(np.zeros(shape, "float32"))
    if kernel.shape != tuple(shape):
        trial.report("kernel-shape", shape=kernel.shape, expected=tuple(shape))
    if kernel.dtype != np.float32:
        trial.report("kernel-dtype", dtype=kernel.dtype)
    if not np.isfinite(kernel).all():
        trial.report("not-finite")
    return kernel


def _blocks_are_flat(image: np.ndarray, factor: int) -> bool:
    """Return True if each factor x factor block of (N, H, W, C) holds one number only."""
    repeat = keras.layers.UpSampling2D(factor, dtype="float32")
    repeated = np.asarray(repeat(image[:, ::factor, ::factor]))
    return bool(np.allclose(repeated, image, atol=1e-4 * max(np.abs(image).max(), 1e-30)))


# ------------------------------------------------------------------------------ build_sr
@visible_check("upsampler", "factor", points=10)
def build_sr(trial: Trial) -> None:
    """Structure and sizes for all three upsamplers; the notebook trains them."""
    generator = np.random.default_rng(_SEED)
    for arguments in [("transpose",), ("resize",), ("subpixel",), ("subpixel", 3)]:
        expect_sr(trial, arguments, [(5, 7)], generator)
    expect_three_kinds(trial)


def expect_sr(
    trial: Trial,
    arguments: tuple,
    sizes: list[tuple[int, int]],
    generator: np.random.Generator,
) -> keras.Model:
    """Build one network and judge everything but what it learns."""
    upsampler, factor = (*arguments, 2)[:2]
    trial.call(*arguments)
    if isinstance(trial.result, keras.Model) and getattr(trial.result, "inputs", None):
        shape = tuple(trial.result.inputs[0].shape[1:])
        if len(shape) == 3 and shape[:2] != (None, None) and shape[2] == 1:
            trial.report("one-size", shape=shape)
    model = models.expect_model(trial, (None, None, 1))
    strided = len(graphs.strided_transposes(model))
    if upsampler == "transpose" and not strided:
        trial.report("no-transpose")
    if upsampler != "transpose" and strided:
        trial.report("strided-transpose", count=strided)
    if not any(len(weight.shape) == 4 for weight in model.trainable_weights):
        trial.report("no-convolution")
    if any(isinstance(x, keras.layers.BatchNormalization) for x in graphs.parts_of(model)):
        trial.report("batch-normalization")
    for rows, columns in sizes:
        x = generator.uniform(-2, 3, (2, rows, columns, 1)).astype("float32")
        right = (2, rows * factor, columns * factor, 1)
        y = models.run(trial, model, x)
        if y.shape != right:
            trial.report("size", given=x.shape, shape=y.shape, expected=right)
        if not np.isfinite(y).all():
            trial.report("not-finite")
        _expect_residual(trial, model, x, factor, generator)
    training.expect_gradients(trial, model, x)
    return model


def _expect_residual(
    trial: Trial, model: keras.Model, x: np.ndarray, factor: int, generator: np.random.Generator
) -> None:
    """With all trainable weights at zero, what is left must be the enlarged input.

    With random weights, what is added to it must be negative here and positive there.
    """
    saved = model.get_weights()
    for weight in model.trainable_weights:
        weight.assign(np.zeros(weight.shape))
    left = models.run(trial, model, x)
    model.set_weights(saved)
    nearest, *smooth = (
        np.asarray(keras.layers.UpSampling2D(factor, interpolation=kind, dtype="float32")(x))
        for kind in ("nearest", "bilinear", "bicubic")
    )
    inside = (slice(None), slice(2 * factor, -2 * factor), slice(2 * factor, -2 * factor))
    if min(x.shape[1:3]) < 5:
        inside = (slice(None),)

    def is_left(change: Callable = np.asarray) -> bool:
        images = (np.asarray(change(image)) for image in smooth)
        return any(np.allclose(left[inside], image[inside], atol=1e-3) for image in images)

    if is_left():
        low = high = 0.0
        for _ in range(6):
            with models.random_weights(model, generator):
                added = models.run(trial, model, x) - left
            low, high = min(low, added.min()), max(high, added.max())
            if low < -1e-5 and high > 1e-5:
                return
        if max(high, -low) < 1e-7:
            trial.report("only-the-input")
        trial.report("one-sided", sign="negative" if low >= -1e-5 else "positive")
    trial.about("zeroed")
    if np.ptp(left) < 1e-6:
        trial.report("no-residual", value=left.flat[0])
    for kind, change in {
        "relu-after-sum": keras.activations.relu,
        "sigmoid-after-sum": keras.activations.sigmoid,
        "tanh-after-sum": keras.activations.tanh,
        "clipped": lambda image: np.clip(image, 0, 1),
    }.items():
        if is_left(change):
            trial.report(kind)
    trial.report("nearest" if np.allclose(left, nearest, atol=1e-3) else "another-image")


def expect_three_kinds(trial: Trial) -> None:
    """The three upsamplers must give three different networks."""
    shapes = {}
    for name in _UPSAMPLERS:
        model = trial.call(name)
        kinds = [type(operation).__name__ for operation in getattr(model, "operations", [])]
        shapes[name] = kinds, [tuple(w.shape) for w in getattr(model, "weights", [])]
    for one, two in [("resize", "subpixel"), ("transpose", "resize"), ("transpose", "subpixel")]:
        if shapes[one] == shapes[two]:
            trial.report("same-network", first=one, second=two)
