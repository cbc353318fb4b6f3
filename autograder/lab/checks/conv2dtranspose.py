"""Visible checks of assignment 02-conv2dtranspose, for its notebook and its hidden tests.

Keras is the oracle: its operations, its gradients and its image resizing.
"""

import dataclasses
import functools
import itertools
from typing import Any

import keras
import numpy as np

from autograder.lab import graphs, models, oracle, training
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.failures import CheckFailed
from autograder.lab.shown import plain
from autograder.lab.training import quick_to_train, train_briefly  # noqa: F401 - for hidden tests
from autograder.lab.trial import Trial

_SEED = 2


# ------------------------------------------------------------------------------ build_upsampler
@visible_check("input_shape", "filters", points=3)
def build_upsampler(trial: Trial) -> None:
    """A square and a non-square input; the numbers come from Keras' operations."""
    generator = np.random.default_rng(_SEED)
    expect_upsampler(trial, (4, 4, 1), 2, generator)
    expect_upsampler(trial, (3, 5, 2), 4, generator)


def expect_upsampler(
    trial: Trial, input_shape: tuple[int, int, int], filters: int, generator: np.random.Generator
) -> None:
    """Build once, look at the layers, then give them random weights and compare the numbers."""
    trial.call(input_shape, filters)
    model = models.expect_model(trial, input_shape)
    up, last = _layers_of_upsampler(trial, model, filters)
    rows, columns, _ = input_shape
    given = tuple(model.outputs[0].shape[1:3])
    if up.padding == "valid" and given[0] != 2 * rows:
        trial.report("valid-padding", at=up, given=given, expected=(2 * rows, 2 * columns))
    models.expect_output_shape(trial, model, (2 * rows, 2 * columns, 1))
    for layer in (up, last):
        layer.set_weights([generator.normal(0, 1, w.shape) for w in layer.get_weights()])
    x = generator.normal(0, 1, (2, *input_shape)).astype("float32")
    scale = _FAR_ABOVE_6 / np.abs(_stamped(x, up)).max()
    for weight in up.weights:
        weight.assign(weight * scale)
    last.kernel.assign(last.kernel / scale)
    if last.use_bias:  # so that pixels before the last activation have both signs
        last.bias.assign(last.bias - np.median(_upsampled(x, up, last, "relu", "linear")))
    trial.result = models.run(trial, model, x)
    activations = {
        "no-relu": ("linear", "sigmoid"),
        "sigmoid-in-the-middle": ("sigmoid", "sigmoid"),
        "no-last-activation": ("relu", "linear"),
        "no-activation": ("linear", "linear"),
        "relu-at-the-end": ("relu", "relu"),
        "tanh-at-the-end": ("relu", "tanh"),
        "activations-swapped": ("sigmoid", "relu"),
    }
    mistakes = {
        "softmax-at-the-end": np.ones((2, 2 * rows, 2 * columns, 1)),
        **{k: functools.partial(_upsampled, x, up, last, *a) for k, a in activations.items()},
        "cut-at-the-top": lambda: _upsampled(x, up, last, "relu", "sigmoid", "valid")[:, 1:, 1:],
    }
    differs = _other_activation(model, last)
    if differs:
        mistakes["another-activation"] = trial.result
    trial.expect(_upsampled(x, up, last, "relu", "sigmoid"), mistakes, rtol=1e-4, **differs)


_FAR_ABOVE_6 = 12  # the largest number before the first activation: ReLU6 is no ReLU there
_CHANGES_NO_ENTRY = (
    keras.layers.Identity, keras.layers.ActivityRegularization, keras.layers.Reshape,
    keras.layers.Cropping2D, keras.layers.ZeroPadding2D,
)  # fmt: skip


def _layers_of_upsampler(trial: Trial, model: keras.Model, filters: int) -> tuple[Any, Any]:
    """The two layers with weights; end the trial if there are others, or if a setting is wrong."""
    layers = models.layers_of(model)
    transposes = [x for x in layers if isinstance(x, keras.layers.Conv2DTranspose)]
    convolutions = [x for x in layers if isinstance(x, keras.layers.Conv2D)]
    if len(transposes) != 1 or len(convolutions) != 1:
        trial.report("layers", transposes=len(transposes), convolutions=len(convolutions))
    up, last = transposes[0], convolutions[0]
    if layers.index(up) > layers.index(last):
        trial.report("convolution-first")
    for layer in layers:
        activates = isinstance(layer, keras.layers.Activation) or models.activation_of(layer)
        unchanged = isinstance(layer, _CHANGES_NO_ENTRY)
        if layer not in (up, last) and (layer.weights or not activates) and not unchanged:
            trial.report("extra-layer", at=layer, layer=type(layer).__name__)
    for layer, size, count, stride in [(up, 3, filters, 2), (last, 1, 1, 1)]:
        for kind, given, expected in [
            ("kernel-size", layer.kernel_size, (size, size)),
            ("strides", layer.strides, (stride, stride)),
            ("filters", layer.filters, count),
        ]:
            if given != expected:
                values = {"layer": type(layer).__name__, "given": given, "expected": expected}
                trial.report(kind, at=layer, **values)
    return up, last


def _other_activation(model: keras.Model, last: keras.Layer) -> dict[str, Any]:
    """Where the graph has another activation than ReLU and sigmoid, and which; empty if nowhere."""
    steps = [step for step in graphs.steps_of(model) if step.operation is not None]
    place = next(index for index, step in enumerate(steps) if step.operation is last)
    for where, part, expected in [
        ("in the middle", [s.operation for s in steps[:place]], "relu"),
        ("at the end", [s.operation for s in steps[place:]], "sigmoid"),
    ]:
        given = [name for name in map(models.activation_of, part) if name]
        if given and given != [expected]:
            return {"where": where, "given": ", then ".join(given), "wanted": expected}
    return {}


def _upsampled(x, up, last, inner: str, outer: str, padding: str = "same") -> np.ndarray:
    """What the two layers' weights give with these activations, by Keras' operations."""
    y = keras.activations.get(inner)(_stamped(x, up, padding))
    y = keras.ops.conv(y, last.kernel)
    return np.asarray(keras.activations.get(outer)(y if last.bias is None else y + last.bias))


def _stamped(x, up, padding: str = "same") -> Any:
    """What the first layer's weights give before its activation."""
    y = keras.ops.conv_transpose(x, up.kernel, strides=2, padding=padding)
    return y if up.bias is None else y + up.bias


# ------------------------------------------------------------------------------ count_parameters
@visible_check("kernel_size", "in_channels", "out_channels", "use_bias", points=3)
def count_parameters(trial: Trial) -> None:
    """An int, a pair, and no bias; a layer that Keras builds is counted."""
    for arguments in [(3, 8, 4), (3, 4, 8), ((2, 5), 3, 6), (4, 5, 2, False)]:
        expect_parameters(trial, *arguments)


def expect_parameters(
    trial: Trial, size: int | tuple[int, int], inputs: int, outputs: int, *use_bias: bool
) -> None:
    """Compare one count with that of a layer that Keras builds."""
    others = [(3, 2, 5), (4, 5, 2, False), ((2, 5), 3, 4), ((5, 3), 2, 6, False), (2, 6, 3, True)]
    trial.compare(_counted, size, inputs, outputs, *use_bias, mistakes=_miscounted, others=others)


@functools.cache
def _counted(size, inputs: int, *, outputs: int, use_bias: bool = True) -> int:
    layer = keras.layers.Conv2DTranspose(outputs, size, strides=2, use_bias=use_bias)
    layer.build((None, 7, 7, inputs))
    return int(layer.count_params())


def _miscounted(size, inputs: int, outputs: int, use_bias: bool = True) -> Mistakes:
    bias = outputs if use_bias else 0
    weights = _counted(size, inputs, outputs=outputs, use_bias=False)
    rows, columns = size if isinstance(size, tuple) else (size, size)
    return {
        "bias-of-each-input": weights + (inputs if use_bias else 0),
        "no-bias": weights,
        "one-bias": weights + (1 if use_bias else 0),
        "bias-always": weights + outputs,
        "bias-turned-round": weights + (0 if use_bias else outputs),
        "nothing-without-bias": weights + bias if use_bias else 0,
        "bias-of-each-pair": weights + (inputs * bias),
        "bias-of-each-entry": [weights + rows * columns * count for count in (bias, outputs)],
        "stride-counted": [
            wrong
            for times in (2, 3, 4, 9, 16)
            for wrong in (times * weights + bias, times * (weights + bias))
        ],
        "square-kernel": [side**2 * inputs * outputs + bias for side in (rows, columns)],
        "side-not-squared": (rows if isinstance(size, int) else rows * columns) * inputs * outputs
        + bias,
        "sides-added": (rows + columns) * inputs * outputs + bias,
        "channels-added": rows * columns * (inputs + outputs) + bias,
        "channels-left-out": [rows * columns * count + bias for count in (inputs, outputs)],
    }


# ------------------------------------------------------------------------------ final_activation
@visible_check("task", points=2)
def final_activation(trial: Trial) -> None:
    """Each kind of output once, a task that does not exist, and one that is no text."""
    for task in _TASKS:
        expect_activation(trial, task)
    for task in ("binary_mask", None):
        trial.expect_error(ValueError, ("task",), task)


_TASKS: dict[str, tuple[str, Mistakes]] = {
    "binary-mask": (
        "sigmoid",
        {"softmax-of-one": "softmax", "no-bounds": "linear", "above-1": "relu"},
    ),
    "multi-class-mask": ("softmax", {"classes-alone": "sigmoid"}),
    "image-in-0-1": ("sigmoid", {"below-0": "tanh", "above-1": "relu"}),
    "image-in-minus1-1": ("tanh", {"not-below-0": "sigmoid", "no-bounds": "linear"}),
    "regression": ("linear", {"not-below-0": "relu", "none": None}),
}


def expect_activation(trial: Trial, task: str) -> None:
    """Compare the activation of one task with the stored one."""
    activation, mistakes = _TASKS[task]
    name = trial.call(task)
    if callable(name) or isinstance(name, keras.Layer):
        trial.report("not-a-name")
    upper = {"upper-case": [activation.capitalize(), activation.upper()]}
    unknown = {"unknown-name": name} if isinstance(name, str) and not _is_known(name) else {}
    trial.expect(activation, {**mistakes, **upper, **unknown})


def _is_known(name: str) -> bool:
    """Return True if Keras has an activation of this name."""
    try:
        return callable(keras.activations.get(name))
    except ValueError:
        return False


# ------------------------------------------------------------------------------ nearest_layer
@visible_check("factor", "channels", points=4)
def nearest_layer(trial: Trial) -> None:
    """Two factors, one and three channels; repeated pixels are what must come out."""
    generator = np.random.default_rng(_SEED)
    expect_nearest(trial, 2, 1, [(3, 3), (2, 4)], generator)
    expect_nearest(trial, 3, 2, [(2, 3)], generator)


def expect_nearest(
    trial: Trial,
    factor: int,
    channels: int,
    sizes: list[tuple[int, int]],
    generator: np.random.Generator,
) -> None:
    """Ask for one layer, then call it on images of several sizes."""
    layer = trial.call(factor, channels)
    if not isinstance(layer, keras.layers.Conv2DTranspose):
        trial.report("not-a-conv2dtranspose", given=models.describe(layer))
    layer = models.arrived(trial, layer)
    if not layer.built:
        trial.report("not-built")
    if layer.trainable or layer.trainable_weights:
        trial.report("trainable")
    if layer.use_bias and np.any(plain(layer.bias)):
        trial.report("bias")
    if layer.strides != (factor, factor):
        trial.report("strides", given=layer.strides)
    for rows, columns in sizes:
        x = generator.integers(-9, 9, (2, rows, columns, channels)).astype("float32")
        right = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
        trial.result = models.run(trial, layer, x)
        given = models.activation_of(layer)
        mistakes = _not_quite_nearest(layer, x, right, trial.result)
        trial.expect(right, mistakes, atol=1e-4, given=given)


def _not_quite_nearest(
    layer: keras.layers.Conv2DTranspose, x: np.ndarray, right: np.ndarray, result: np.ndarray
) -> Mistakes:
    """What mistakes lead to; `result` itself where the layer's settings show the mistake."""
    factor, size, channels = layer.strides[0], layer.kernel_size, x.shape[-1]
    spread, diagonal = np.zeros_like(right), np.zeros_like(right)
    spread[:, ::factor, ::factor] = x
    for start in range(factor):
        diagonal[:, start::factor, start::factor] = x
    filled = oracle.conv_transpose(
        x, np.ones((*size, 1, 1)) * np.eye(channels), stride=factor, padding=layer.padding
    )
    entries = size == (factor, factor) and not np.isin(plain(layer.kernel), (0, 1)).all()
    return {
        "channels-mixed": [
            np.broadcast_to(right.sum(-1, keepdims=True), right.shape),
            np.broadcast_to(right.mean(-1, keepdims=True), right.shape),
        ],
        "zeros-between": spread,
        "diagonal": diagonal,
        "shared-out": right / factor**2,
        "first-channel-only": right * (np.arange(channels) == 0),
        "last-channel-only": right * (np.arange(channels) == channels - 1),
        "channels-reversed": right[..., ::-1],
        "shifted": _shifted(right, size, factor) if layer.padding == "same" else [],
        "stamps-overlap": filled if min(size) > factor else None,
        "gaps": filled if max(size) < factor else None,
        "activation": np.asarray(layer.activation(right)),
        **({"other-entries": result} if entries else {}),
    }


def _shifted(right: np.ndarray, size: tuple[int, ...], factor: int) -> list[np.ndarray]:
    """The copies of each pixel some rows and columns too high, low, far left or far right."""
    down, across = (range(-max(k - factor, 0), max(k - factor, 0) + 1) for k in size)
    height, width = right.shape[1:3]
    shifted = []
    for rows, columns in itertools.product(down, across):
        wide = np.pad(right, ((0, 0), (abs(rows),) * 2, (abs(columns),) * 2, (0, 0)))
        top, left = abs(rows) - rows, abs(columns) - columns
        if rows or columns:
            shifted.append(wide[:, top : top + height, left : left + width])
    return shifted


# ------------------------------------------------------------------------------ bilinear_kernel
@visible_check("factor", "channels", points=4)
def bilinear_kernel(trial: Trial) -> None:
    """An even and an odd factor, then two channels; Keras' own resizing draws the kernel."""
    for factor, channels in [(2, 1), (3, 1), (2, 2)]:
        expect_bilinear(trial, factor, channels)


def expect_bilinear(trial: Trial, factor: int, channels: int) -> None:
    """Compare one kernel with what bilinear resizing makes of a single bright pixel."""
    others = [(n, 1) for n in (2, 3, 4, 5)]
    trial.compare(
        _bilinear, factor, channels, mistakes=_not_quite_bilinear, dtype="float32", others=others
    )


def _bilinear(factor: int, channels: int) -> np.ndarray:
    return _bilinear_stamp(factor)[:, :, None, None] * np.eye(channels)


def _not_quite_bilinear(factor: int, channels: int) -> Mistakes:
    stamp, right = _bilinear_stamp(factor), _bilinear(factor, channels)
    stamps = {} if factor == 1 else {**_wrong_tents(factor), **_wrong_products(factor)}
    return {
        "no-channel-axes": [stamp, stamp if channels == 1 else right],
        "channels-first": np.moveaxis(right, (2, 3), (0, 1)),
        "channels-mixed": stamp[:, :, None, None] * np.ones((channels, channels)),
        "shared-among-channels": right / channels,
        **{
            kind: [wrong[:, :, None, None] * np.eye(channels) for wrong in several]
            for kind, several in stamps.items()
        },
    }


def _wrong_tents(factor: int) -> dict[str, list[np.ndarray]]:
    """Stamps that are the product of a wrong tent with itself."""
    size = len(_bilinear_stamp(factor))
    middle, odd = (size - 1) / 2, factor % 2 == 1
    wide = np.convolve(np.ones(factor), np.ones(factor)) / factor
    slope = np.linspace(0, 1, factor)

    def tent(*, center: float = middle, reach: float = factor, size: int = size) -> np.ndarray:
        return 1 - np.abs(np.arange(size) - center) / reach

    tents = {
        "odd-formula": [wide, wide if odd else np.minimum(tent() + 0.5 / factor, 1)],
        "even-size": [tent(center=factor - 0.5, size=2 * factor)],
        "even-half-right": [tent(center=size // 2)],
        "even-half-left": [tent(center=factor - 1)],
        "odd-one-right": [tent(center=factor if odd else middle)],
        "odd-half-right": [tent(center=factor - 0.5)],
        "always-half-right": [tent(center=size / 2)],
        "half-or-one-right": [tent(center=factor)],
        "centers-swapped": [tent(center=factor - (0.5 if odd else 1))],
        "zero-ends": [
            tent(reach=middle),
            tent(reach=size // 2),
            np.concatenate([slope, slope[::-1][odd:]]),
        ],
        "another-slope": [tent(reach=r) for r in (size / 2, (size + 1) / 2, size, factor + 1)],
        "valley": [1 - tent()],
    }
    return {kind: [np.outer(wrong, wrong) for wrong in several] for kind, several in tents.items()}


def _wrong_products(factor: int) -> dict[str, list[np.ndarray]]:
    """Stamps that do something else with the right tent, or with the right stamp."""
    stamp = _bilinear_stamp(factor)
    tent = stamp.sum(axis=0) / factor
    down, across = tent[:, None], np.broadcast_to(tent, stamp.shape)
    far = factor * (1 - tent)  # the distance of each entry along one axis
    distances = [np.hypot(far[:, None], far) / factor, (far[:, None] + far) / factor]
    return {
        "divided-by-its-sum": [stamp / stamp.sum()],
        "divided-by-its-maximum": [stamp / stamp.max()],
        "nearest": [np.ones((factor, factor))],
        "averaged": [(down + across) / 2, down + across],
        "smaller-of-two": [np.minimum(down, across)],
        "one-distance": [wrong for d in distances for wrong in (np.maximum(1 - d, 0), 1 - d)],
        "one-axis": [across, across.T],
    }


def _bilinear_stamp(factor: int) -> np.ndarray:
    """The response of bilinear resizing to one bright pixel, without the zeros around it."""
    image = np.zeros((1, 5, 5, 1), "float32")
    image[0, 2, 2, 0] = 1
    enlarged = keras.ops.image.resize(image, (5 * factor, 5 * factor), interpolation="bilinear")
    enlarged = np.asarray(enlarged)[0, :, :, 0]
    reached = np.flatnonzero(enlarged.max(axis=0) > 1e-6)
    return enlarged[np.ix_(reached, reached)].astype("float64")


# ------------------------------------------------------------------------------ conv_input_gradient
@visible_check("kernel", "upstream", "stride", points=4)
def conv_input_gradient(trial: Trial) -> None:
    """One channel, several, a stride above one side, two images; TensorFlow gives the gradient."""
    for kernel_shape, size, stride, images in [
        ((3, 3, 1, 1), (2, 2), 2, 1),
        ((3, 3, 1, 1), (3, 3), 1, 1),
        ((2, 2, 2, 2), (2, 3), 3, 1),
        ((3, 2, 2, 3), (2, 3), 2, 1),
        ((1, 3, 2, 1), (2, 2), 2, 2),
    ]:
        generator = np.random.default_rng(_SEED)
        expect_input_gradient(trial, kernel_shape, size, stride, generator, images)


def expect_input_gradient(
    trial: Trial,
    kernel_shape: tuple[int, int, int, int],
    size: tuple[int, int],
    stride: int,
    generator: np.random.Generator,
    images: int = 1,
    dtype: str = "float32",
) -> None:
    """Compare one gradient with what TensorFlow's tape computes."""
    kernel = np.asfortranarray(generator.integers(-4, 5, kernel_shape).astype(dtype))
    upstream = np.asfortranarray(
        generator.integers(-4, 5, (images, *size, kernel_shape[3])).astype(dtype)
    )
    others = [  # in which a kernel has room to be moved
        (np.resize(np.arange(-3, 5).astype(dtype), (*sides, 2, 2)), np.ones((1, 5, 4, 2), dtype), n)
        for sides, n in [((2, 3), 1), ((3, 2), 2), ((3, 1), 2), ((1, 3), 2)]
    ]
    trial.compare(
        _gradient, kernel, upstream, stride, mistakes=_wrong_gradients, rtol=1e-4, others=others
    )


def _gradient(kernel: np.ndarray, upstream: np.ndarray, *, stride: int) -> np.ndarray:
    sides = zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
    rows, columns = ((n - 1) * stride + k for n, k in sides)
    shape = (len(upstream), rows, columns, kernel.shape[2])
    return oracle.input_gradient(shape, kernel, upstream, stride=stride)


def _wrong_gradients(kernel: np.ndarray, upstream: np.ndarray, stride: int) -> Mistakes:
    rows, columns, inputs, outputs = kernel.shape
    transposed = functools.partial(oracle.conv_transpose, upstream, kernel, stride=stride)
    turned = kernel[::-1, ::-1]
    swapped = kernel.reshape(rows, columns, outputs, inputs).swapaxes(2, 3)
    right, same = _gradient(kernel, upstream, stride=stride), transposed(padding="same")
    height, width = right.shape[1:3]
    taller, wider = height - rows + columns, width - columns + rows
    within = [np.arange(n - k + 1) + k // 2 for n, k in ((height, rows), (width, columns))]
    return {
        "kernel-turned": [
            _gradient(turned, upstream, stride=stride),
            oracle.conv_transpose(upstream, turned, stride=stride),
        ],
        "channels-swapped": [
            lambda: _gradient(np.swapaxes(kernel, 2, 3), upstream, stride=stride),
            _gradient(swapped, upstream, stride=stride),
        ],
        "sides-swapped": [
            _gradient(np.swapaxes(kernel, 0, 1), upstream, stride=stride),
            transposed()[:, :taller, :wider],
        ],
        "zeros-at-the-end": [transposed(), transposed()[:, :height], transposed()[:, :, :width]],
        "cut-at-the-start": transposed()[:, -height:, -width:],
        "cut-alike": [
            _cut(transposed(), 0, max(stride - side, 0)) if rows != columns else None
            for side in (rows, columns, min(rows, columns))
        ],
        "mean-over-images": right / len(upstream),
        "same-padding": [same, same[:, :height, :width], right[:, within[0]][:, :, within[1]]],
        "cut-to-a-multiple": transposed()[
            :, : upstream.shape[1] * stride, : upstream.shape[2] * stride
        ],
        "stride-forgotten": oracle.conv_transpose(upstream, kernel, stride=1),
        "upstream-ignored": _gradient(kernel, np.ones_like(upstream), stride=stride),
        "stamps-replace": lambda: _last_stamps(kernel, upstream, stride=stride),
        "convolution": [
            functools.partial(_convolved, upstream, k, strides=stride, padding=padding)
            for k in (kernel, np.swapaxes(kernel, 2, 3))
            for padding in ("valid", "same")
        ],
    }


def _convolved(upstream: np.ndarray, kernel: np.ndarray, **settings) -> np.ndarray | None:
    """Keras' convolution; None where the kernel does not fit."""
    sizes = zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
    too_large = settings["padding"] == "valid" and any(n < k for n, k in sizes)
    if too_large or kernel.shape[2] != upstream.shape[3]:
        return None
    return np.asarray(keras.ops.conv(upstream, np.ascontiguousarray(kernel), **settings))


def _last_stamps(kernel: np.ndarray, upstream: np.ndarray, *, stride: int) -> np.ndarray:
    """The gradient if of several stamps in one place only the last one stayed."""
    left = np.zeros_like(_gradient(kernel, upstream, stride=stride))
    high, wide = kernel.shape[:2]
    for row, column in np.ndindex(upstream.shape[1:3]):
        top, start = row * stride, column * stride
        here = np.s_[:, top : top + high, start : start + wide]
        one = np.zeros_like(upstream)
        one[:, row, column] = upstream[:, row, column]
        left[here] = _gradient(kernel, one, stride=stride)[here]
    return left


# ------------------------------------------------------------------------------ repair_decoder
@visible_check("model", points=4)
def repair_decoder(trial: Trial) -> None:
    """Four decoders: too large, too small, both layers wrong, and one that fails when called."""
    for channels, first, second in [
        (8, (3, "valid", None), (3, "same", None)),  # ends at 30x30
        (4, (3, "same", 0), (5, "same", None)),  # ends at 26x26
        (6, (3, "valid", None), (4, "same", 1)),  # ends at 29x29
        (4, (4, "same", 0), (4, "same", None)),  # fails when called
    ]:
        expect_repaired(trial, broken_decoder(channels, first, second))


def broken_decoder(
    channels: int,
    first: tuple[int, str, int | None],
    second: tuple[int, str, int | None],
    *,
    filters: tuple[int, int] = (6, 4),
    between: bool = False,
    use_bias: bool = True,
    activation: str = "relu",
) -> keras.Sequential:
    """A decoder from 7x7 whose layers have these (kernel size, padding, output_padding).

    Args:
        channels: Channels of the 7x7 input.
        first: The first `Conv2DTranspose`, of stride 2.
        second: The second one.
        filters: Of the first and the second one.
        between: Put `BatchNormalization`, an `Activation` and a 3x3 `Conv2D` between them.
        use_bias: Of both.
        activation: Of both, or of the layers between them.
    """
    layers: list = [keras.Input((7, 7, channels))]
    for count, (size, padding, output_padding) in zip(filters, (first, second), strict=True):
        layers.append(
            keras.layers.Conv2DTranspose(
                count,
                size,
                strides=2,
                padding=padding,
                output_padding=output_padding,
                use_bias=use_bias,
                activation=None if between else activation,
            )
        )
        if between:
            layers.append(keras.layers.BatchNormalization(momentum=0.9))
            layers.append(keras.layers.Activation(activation))
            layers.append(keras.layers.Conv2D(count, 3, padding="same", activation="elu"))
    layers.append(keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid"))
    return keras.Sequential(layers)


_HIDE = ("Crop", "ZeroPadding", "Pad", "Resiz", "GetItem", "Slice")  # layers and operations


def _fails(layer: keras.Layer) -> bool:
    """Return True for the settings with which a layer builds, and fails when it is called."""
    strided = graphs.is_strided_transpose(layer) and layer.padding == "same"
    return bool(
        strided and layer.kernel_size[0] % 2 == 0 and layer.output_padding in (0, (0, 0), [0, 0])
    )


def expect_repaired(trial: Trial, broken: keras.Sequential) -> None:
    """Have one decoder repaired; look at its size, its layers, and at the argument."""
    settings = ", then ".join(
        f"{layer.kernel_size[0]}x{layer.kernel_size[1]} {layer.padding}"
        + ("" if layer.output_padding is None else f" output_padding={layer.output_padding[0]}")
        for layer in broken.layers
        if isinstance(layer, keras.layers.Conv2DTranspose)
    )
    rows, columns = broken.outputs[0].shape[1:3]
    fails = any(map(_fails, broken.layers))
    does = "fails when it is called" if fails else f"ends at {rows}x{columns}"
    given = f"a decoder that {does} ({settings})"
    model = models.call_to_rebuild(trial, broken, given)
    models.show_layers(trial, model, broken)
    new, old = models.layers_of(model), models.layers_of(broken)
    names, expected = [[type(layer).__name__ for layer in layers] for layers in (new, old)]
    steps = [step.operation for step in graphs.steps_of(model) if step.operation is not None]
    hiding = [step for step in steps if type(step).__name__.startswith(_HIDE)]
    if hiding or names != expected:
        trial.report(
            "size-hidden" if hiding else "layers",
            at=hiding[0] if hiding else None,
            layers=", ".join(type(step).__name__ for step in steps) if hiding else ", ".join(names),
            expected=", ".join(expected),
        )
    for index, (layer, original) in enumerate(zip(new, old, strict=True)):
        now, then = models.settings_of(layer), models.settings_of(original)
        free = {"padding"} if graphs.is_strided_transpose(original) else set()
        for key in sorted(then.keys() - free):
            if now.get(key) != then[key]:
                trial.report(
                    "setting-changed",
                    at=layer,
                    layer=f"{index} ({names[index]})",
                    setting=key,
                    now=now.get(key),
                    then=then[key],
                )
    y = models.run(trial, model, np.zeros((2, *broken.inputs[0].shape[1:]), "float32"))
    if y.shape[1:3] != (28, 28):
        trial.report("wrong-size", ends_at=f"{y.shape[1]}x{y.shape[2]}")
    if y.shape[3] != broken.outputs[0].shape[3]:
        trial.report("wrong-channels", channels=y.shape[3])


# ------------------------------------------------------------------------------ output_padding_for
@visible_check("n", "kernel_size", "stride", "padding", points=4)
def output_padding_for(trial: Trial) -> None:
    """Both paddings: even and odd kernels, kernels below the stride, an input below the kernel."""
    for setting in [
        *((n, 4, 3, "same") for n in (9, 7, 8)),
        *((n, 3, 2, "same") for n in (8, 7)),
        *((n, 3, 2, "valid") for n in (7, 8)),
        *((n, 2, 4, "valid") for n in (6, 8, 7)),
        (3, 5, 2, "same"),
    ]:
        expect_output_padding(trial, *setting)
    trial.expect_error(ValueError, ("n", "kernel_size"), 2, 3, 1, "valid")


def expect_output_padding(
    trial: Trial, n: int, kernel_size: int, stride: int, padding: str
) -> None:
    """Compare one answer with the setting that Keras' layers need.

    None is a right result here, so results are compared as tuples of one; messages do not show it.
    """
    answer = trial.function

    @functools.wraps(answer)
    def boxed(*setting) -> tuple:
        try:
            return (answer(*setting),)
        except ValueError:  # of the student's own: larger inputs came back before
            if trial.calls and setting[0] < setting[1] and setting[3] == "same":
                trial.report("refuses-small-inputs")
            raise

    trial.function = boxed
    try:
        given, others = (n, kernel_size, stride, padding), _OTHER_SETTINGS
        trial.compare(_fitting, *given, mistakes=_misfitting, others=others)
    except CheckFailed as failure:
        found = failure.finding
        call, _, expected = found.call.partition("  # expected ")
        found = dataclasses.replace(
            found,
            call=f"{call}  # expected {expected[1:-1]}" if expected else call,
            expected=found.expected[1:-1],
            returned=found.returned[1:-1],
            differs=found.differs.removeprefix("entry 0: "),
        )
        raise type(failure)(found) from failure.__cause__
    finally:
        trial.function = answer


_OTHER_SETTINGS = [
    *((n, k, 2, "same") for n in (24, 25) for k in (3, 4)),
    *((n, k, 3, padding) for n in (6, 7, 8) for k in (2, 5) for padding in ("same", "valid")),
]


@functools.cache
def _fitting(n: int, kernel_size: int, *, stride: int, padding: str) -> tuple[int | None]:
    """The first setting with which Keras' layer gives the length n; the default comes first."""
    m = _shrunk(n, kernel_size, stride=stride, padding=padding)
    for given in (None, *range(stride)):
        layer = keras.layers.Conv2DTranspose(
            1, kernel_size, strides=stride, padding=padding, output_padding=given
        )
        if layer.compute_output_shape((None, m, m, 1))[1] == n:
            return (given,)
    raise ValueError("no setting fits")


def _shrunk(n: int, kernel_size: int, *, stride: int, padding: str) -> int:
    layer = keras.layers.Conv2D(1, kernel_size, strides=stride, padding=padding)
    return layer.compute_output_shape((None, n, n, 1))[1]


def _misfitting(n: int, kernel_size: int, stride: int, padding: str) -> Mistakes:
    """What wrong ideas of m, of the default's length and of the length with 0 lead to."""
    right = _fitting(n, kernel_size, stride=stride, padding=padding)
    last = (_shrunk(n, kernel_size, stride=stride, padding=padding) - 1) * stride
    too_few, parity, stamps = (n // stride - 1) * stride, kernel_size % 2, last + kernel_size
    if padding == "valid":
        default, with_zero = last + max(kernel_size, stride), stamps
    else:
        default, with_zero = last + stride, last + parity

    def none_or(answer: int, by_default: int = default) -> tuple[int | None]:
        return (None if n == by_default else answer,)

    def divided_or(answer: int) -> tuple[int | None]:
        return (None if n % stride == 0 else answer,)

    surplus, rest = default - n, n % stride
    ideas = {
        "zero-for-none": (right[0] or 0,),
        "always-none": (None,),
        "never-none": (n - with_zero,),
        "padding-ignored": [
            functools.partial(_fitting, n, kernel_size, stride=stride, padding=always)
            for always in ("valid", "same")
        ],
        "from-the-default": [none_or(-surplus), (-surplus,), none_or(abs(surplus))],
        "n-left-out": [none_or(default - with_zero), (default - with_zero,)],
        "one-int": [either(answer) for either in (none_or, divided_or) for answer in (0, 1)],
    }
    surpluses = [none_or(surplus), (surplus,), divided_or(stride - rest)]
    of_any_parity = [divided_or(rest), divided_or(rest - 1), none_or(rest)]
    if padding == "valid":
        return ideas | {
            "smaller-than-the-stride": none_or(n - stamps, stamps),
            "stamps-under-same": [right, (n - stamps,)],
            "rounded-down": right,
            "parity-ignored": [right, right, *of_any_parity],
            "surplus": [right, *surpluses],
            "none-by-remainder": divided_or(n - with_zero),
        }
    return ideas | {
        "smaller-than-the-stride": right,
        "stamps-under-same": [none_or(n - stamps), (n - stamps,)],
        "rounded-down": none_or(n - too_few - parity, too_few + stride),
        "parity-ignored": [none_or(n - last), none_or(n - last - 1), *of_any_parity],
        "surplus": [none_or(surplus), *surpluses],
        "none-by-remainder": right,
    }


# ---------------------------------------------------------------------------- transposed_he_stddev
@visible_check("kernel_size", "stride", "in_channels", points=3)
def transposed_he_stddev(trial: Trial) -> None:
    """Even and uneven overlap, a pair, stride 1, and a mean that is not whole; Keras counts."""
    for given in [(4, 2, 256), (2, 2, 3), (3, 2, 16), ((3, 5), 2, 8), (3, 1, 4), (3, 2, 5)]:
        expect_stddev(trial, *given)


def expect_stddev(
    trial: Trial, kernel_size: int | tuple[int, int], stride: int, in_channels: int
) -> None:
    """Compare one standard deviation with what the number of products asks for."""
    others = [(3, 2, 3), (5, 3, 7), ((4, 3), 2, 1)]
    trial.compare(
        _spread, kernel_size, stride, in_channels, mistakes=_other_spreads, atol=0, others=others
    )


def _spread(kernel_size: int | tuple[int, int], stride: int, *, in_channels: int) -> float:
    """The variance before a ReLU is half the products' count times that of the weights."""
    return (in_channels * _taps(kernel_size, stride=stride).mean() / 2) ** -0.5


@functools.cache
def _taps(kernel_size: int | tuple[int, int], *, stride: int) -> np.ndarray:
    """How many stamps of one channel reach each output pixel, over one period, by Keras."""
    rows, columns = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    if stride > min(rows, columns):
        raise ValueError("the exercise has no stride above the kernel size")
    inputs, kernel = np.ones((rows + 1, columns + 1)), np.ones((rows, columns))
    counts = oracle.conv2d_transpose(inputs, kernel, stride)
    top, left = (stride * (-(-n // stride) - 1) for n in (rows, columns))
    return counts[top : top + stride, left : left + stride]


def _other_spreads(kernel_size: int | tuple[int, int], stride: int, in_channels: int) -> Mistakes:
    right, one_stride = (
        _spread(kernel_size, each, in_channels=in_channels) for each in (stride, 1)
    )
    sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    taps = _taps(kernel_size, stride=stride).mean()
    products = taps * in_channels
    return {
        "no-stride": one_stride,
        "stride-squared": one_stride * stride**2,
        "stride-once": one_stride * stride**0.5,
        "stride-turned": one_stride / stride,
        "variance": [right**2, stride * one_stride**2],
        "no-relu": right / 2**0.5,
        "no-relu-no-stride": one_stride / 2**0.5,
        "square-kernel": [_spread(n, stride, in_channels=in_channels) for n in sides],
        "no-channels": right * in_channels**0.5,
        "whole-taps": [
            right * (taps / np.prod([rounded(n / stride) for n in sides])) ** 0.5
            for rounded in (np.floor, np.ceil)
        ],
        "whole-products": [
            right * (count / rounded(count)) ** 0.5
            for count in (products, taps)
            for rounded in (np.floor, np.ceil, np.round)
        ],
        "uniform-limit": right * 3**0.5,
        "two-outside": right * 2**0.5,
        "relu-turned": right / 2,
        "result-rounded": [round(right, digits) for digits in (2, 3, 4, 5, 6)],
    }


# ------------------------------------------------------------------------------ port_conv_transpose
@visible_check("weight", "bias", "stride", "padding", points=4)
def port_conv_transpose(trial: Trial) -> None:
    """A square kernel, then a wide one with more channels out, and one below the stride."""
    generator = np.random.default_rng(_SEED)
    for shape, stride, padding, has_bias, sizes in [
        ((2, 2, 5, 5), 2, 2, False, [(2, 3), (4, 2)]),
        ((2, 3, 3, 4), 2, 0, True, [(2, 3)]),
        ((3, 1, 1, 2), 3, 1, True, [(3, 2)]),
    ]:
        expect_port(trial, shape, stride, padding, has_bias, sizes, generator)


def expect_port(
    trial: Trial,
    shape: tuple[int, int, int, int],
    stride: int,
    padding: int,
    has_bias: bool,
    sizes: list[tuple[int, int]],
    generator: np.random.Generator,
) -> None:
    """Ask for one model, then call it on images of several sizes."""
    weight = generator.integers(-4, 5, shape).astype("float32")
    bias = generator.integers(1, 9, shape[1]).astype("float32") if has_bias else None
    trial.call(weight, bias, stride, padding)
    model = models.expect_model(trial, (None, None, shape[0]))
    for size in sizes:
        x = generator.integers(-4, 5, (2, *size, shape[0])).astype("float32")
        trial.result = _ran(trial, model, x)
        added = np.zeros(shape[1], "float32") if bias is None else bias
        right = _ported(x, weight, stride=stride, padding=padding) + added
        trial.expect(right, _wrong_ports(x, weight, added, stride, padding))


def _ran(trial: Trial, model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Call a port; say so if it fails since Keras cannot run its operation in a model."""
    try:
        return models.run(trial, model, x)
    except CheckFailed as failure:
        used = {type(step.operation).__name__ for step in graphs.steps_of(model)}
        if failure.finding.kind == "fails-when-called" and "ConvTranspose" in used:
            trial.report("operation-for-layer", shape=x.shape)
        raise


def _ported(x: np.ndarray, weight: np.ndarray, *, stride: int, padding: int) -> np.ndarray:
    """The gradient of a convolution, as PyTorch's manual defines the layer, without the bias."""
    sides = zip(x.shape[1:3], weight.shape[2:], strict=True)
    shape = (len(x), *((n - 1) * stride + k for n, k in sides), weight.shape[1])
    kernel = np.moveaxis(weight, (0, 1), (3, 2))
    return _cut(oracle.input_gradient(shape, kernel, x, stride=stride), padding, padding)


def _cut(image: np.ndarray, start: int, end: int) -> np.ndarray:
    return image[:, start : image.shape[1] - end, start : image.shape[2] - end]


def _wrong_ports(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int, padding: int
) -> Mistakes:
    kernel = np.moveaxis(weight, (0, 1), (3, 2))
    rows, columns = (
        (n - 1) * stride + k - 2 * padding for n, k in zip(x.shape[1:3], kernel.shape, strict=False)
    )
    twice, as_many = 2 * padding, weight.shape[0] == weight.shape[1]

    def stamped(weight: np.ndarray, start: int = padding, end: int = padding) -> np.ndarray:
        return _cut(_ported(x, weight, stride=stride, padding=0), start, end) + bias

    def by_keras(padding: str, start: int = 0, end: int = 0) -> np.ndarray:
        y = oracle.conv_transpose(x, kernel, stride=stride, padding=padding)
        return _cut(y, start, end) + bias

    uneven = [(twice, 0), (0, twice), (padding, 0), (0, padding)]
    by_same = [lambda: by_keras("same"), lambda: by_keras("same")[:, :rows, :columns]]
    return {
        "kernel-turned": lambda: stamped(weight[:, :, ::-1, ::-1]),
        "sides-swapped": lambda: stamped(np.swapaxes(weight, 2, 3)),
        "channels-swapped": [lambda: stamped(np.swapaxes(weight, 0, 1))] if as_many else [],
        "reshaped": lambda: stamped(np.moveaxis(weight.reshape(kernel.shape), (3, 2), (0, 1))),
        "rows-added": lambda: by_keras("valid", padding, padding),
        "same-padding": by_same if max(kernel.shape[:2]) > stride else [],
        "cut-on-one-side": [functools.partial(stamped, weight, *sides) for sides in uneven],
        "not-cut": [lambda: stamped(weight, 0, 0), lambda: by_keras("valid")],
        "empty-slice": lambda: stamped(weight)[:, :0, :0],
        "bias-missing": lambda: stamped(weight) - bias,
    }


# ------------------------------------------------------------------------------ build_decoder
@visible_check("latent_dim", points=5)
def build_decoder(trial: Trial) -> None:
    """Structure only, for two sizes of the latent vector; the notebook trains it."""
    for latent_dim in (8, 1):
        expect_decoder(trial, latent_dim, np.random.default_rng(_SEED))


def expect_decoder(trial: Trial, latent_dim: int, generator: np.random.Generator) -> keras.Model:
    """Build one decoder and judge everything but what it learns."""
    trial.call(latent_dim)
    model = models.expect_model(trial, (latent_dim,))
    if tuple(model.outputs[0].shape[1:]) != (28, 28, 1):
        valid = [layer for layer in models.layers_of(model) if _is_valid(layer)]
        if valid and _with_same_padding(model, latent_dim) == (28, 28, 1):
            layer, shape = valid[0], tuple(model.outputs[0].shape[1:])
            trial.report("valid-padding", at=layer, layer=type(layer).__name__, shape=shape)
    models.expect_output_shape(trial, model, (28, 28, 1))
    strided = graphs.strided_transposes(model)
    if len(strided) < 2:
        trial.report("strided-layers", given=len(strided))
    sizes = graphs.feature_map_sizes(model)
    for side in (7, 14):
        if (side, side) not in sizes:
            seen = ", ".join(dict.fromkeys(f"{a}x{b}" for a, b in sizes))
            trial.report("feature-map", expected=f"{side}x{side}", given=seen)
    if behind := _vector_behind(model):
        trial.report("vector-again", at=behind, layer=type(behind).__name__)
    training.expect_trainable(trial, model)
    latents = generator.normal(size=(16, latent_dim)).astype("float32")
    with models.random_weights(model, generator):
        images = models.run(trial, model, 100 * latents)
        low, high = images.min(), images.max()
        if not np.isfinite(images).all() or low < 0 or high > 1:
            trial.report("out-of-range", low=f"{low:.3g}", high=f"{high:.3g}")
        images = models.run(trial, model, latents)
        softmax = "softmax" in {models.activation_of(s.operation) for s in graphs.steps_of(model)}
        if softmax and np.all(images == 1):
            trial.report("softmax-of-one")
        if np.ptp(images, axis=0).max() < 1e-6:
            trial.report("same-image")
    training.expect_gradients(trial, model, latents)
    return model


def _vector_behind(model: keras.Model) -> keras.Operation | None:
    """The layer that mixes all pixels, if the image reaches the output by such layers alone.

    A branch of them beside the feature maps, such as squeeze and excitation, does not count.
    """
    reached: set[int] = set()  # by what a strided layer draws
    behind = None
    for step in graphs.steps_of(model):
        if graphs.is_strided_transpose(step.operation):
            reached.add(step.index)
        elif reached & set(step.inputs):
            of_vectors = len(step.shape) == 2 and getattr(step.operation, "weights", None)
            if of_vectors or type(step.operation).__name__.startswith("Global"):
                behind = step.operation
            else:
                reached.add(step.index)
        last = step.index
    return None if last in reached else behind


def suspect(trial: Trial, model: keras.Model) -> None:
    """Have what the trial ends with say what may keep a decoder from learning, if it shows."""
    names = [models.activation_of(step.operation) for step in graphs.steps_of(model)]
    *inside, _ = [name for name in names if name] or [""]
    if set(inside) == {"sigmoid"}:
        trial.about("sigmoid-inside")


def _is_valid(layer: keras.Layer) -> bool:
    return getattr(layer, "padding", "") == "valid"


def _with_same_padding(model: keras.Model, latent_dim: int) -> tuple[int | None, ...] | None:
    """The shape of the output if every layer's padding were `same`; None if that cannot be."""

    def changed(layer: keras.Layer) -> keras.Layer:
        settings = layer.get_config()
        return type(layer).from_config(settings | ({"padding": "same"} if _is_valid(layer) else {}))

    try:
        y = keras.models.clone_model(model, clone_function=changed)(keras.Input((latent_dim,)))
    except Exception:  # two branches that no longer fit together, for example
        return None
    return tuple(y.shape[1:])
