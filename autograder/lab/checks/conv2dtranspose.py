"""Visible checks of assignment 02-conv2dtranspose, for its notebook and its hidden tests.

Keras is the oracle: its operations, its gradients and its image resizing.
"""

import functools

import keras
import numpy as np

from autograder.lab import graphs, models, oracle, training
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.shown import plain
from autograder.lab.training import quick_to_train, train_briefly  # noqa: F401 - for hidden tests
from autograder.lab.trial import Trial

_SEED = 2


# ------------------------------------------------------------------------------ build_upsampler
@visible_check("input_shape", "filters", points=6)
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
    layers = models.layers_of(model)
    transposes = [x for x in layers if isinstance(x, keras.layers.Conv2DTranspose)]
    convolutions = [x for x in layers if isinstance(x, keras.layers.Conv2D)]
    if len(transposes) != 1 or len(convolutions) != 1:
        trial.report("layers", transposes=len(transposes), convolutions=len(convolutions))
    up, last = transposes[0], convolutions[0]
    if layers.index(up) > layers.index(last):
        trial.report("convolution-first")
    for layer, size, count, stride in [(up, 3, filters, 2), (last, 1, 1, 1)]:
        for kind, given, expected in [
            ("kernel-size", layer.kernel_size, (size, size)),
            ("strides", layer.strides, (stride, stride)),
            ("filters", layer.filters, count),
        ]:
            if given != expected:
                values = {"layer": type(layer).__name__, "given": given, "expected": expected}
                trial.report(kind, at=layer, **values)
    rows, columns, _ = input_shape
    given = tuple(model.outputs[0].shape[1:3])
    if up.padding == "valid" and given[0] != 2 * rows:
        trial.report("valid-padding", at=up, given=given, expected=(2 * rows, 2 * columns))
    models.expect_output_shape(trial, model, (2 * rows, 2 * columns, 1))
    for layer in (up, last):
        layer.set_weights([generator.normal(0, 1, w.shape) for w in layer.get_weights()])
    x = generator.normal(0, 1, (2, *input_shape)).astype("float32")
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
    }
    trial.expect(_upsampled(x, up, last, "relu", "sigmoid"), mistakes, rtol=1e-4)


def _upsampled(x, up, last, inner: str, outer: str) -> np.ndarray:
    """What the two layers' weights give with these activations, by Keras' operations."""
    y = keras.ops.conv_transpose(x, up.kernel, strides=2, padding="same")
    y = keras.activations.get(inner)(y if up.bias is None else y + up.bias)
    y = keras.ops.conv(y, last.kernel)
    return np.asarray(keras.activations.get(outer)(y if last.bias is None else y + last.bias))


# ------------------------------------------------------------------------------ count_parameters
@visible_check("kernel_size", "in_channels", "out_channels", "use_bias", points=4)
def count_parameters(trial: Trial) -> None:
    """An int, a pair, and no bias; a layer that Keras builds is counted."""
    for arguments in [(3, 8, 4), (3, 4, 8), ((2, 5), 3, 6), (4, 5, 2, False)]:
        expect_parameters(trial, *arguments)


def expect_parameters(
    trial: Trial, size: int | tuple[int, int], inputs: int, outputs: int, *use_bias: bool
) -> None:
    """Compare one count with that of a layer that Keras builds."""
    trial.compare(_counted, size, inputs, outputs, *use_bias, mistakes=_miscounted)


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
        "square-kernel": [side**2 * inputs * outputs + bias for side in (rows, columns)],
        "channels-left-out": [rows * columns * count + bias for count in (inputs, outputs)],
    }


# ------------------------------------------------------------------------------ final_activation
@visible_check("task", points=3)
def final_activation(trial: Trial) -> None:
    """Each kind of output once, and a task that does not exist."""
    for task, activation, mistakes in [
        (
            "binary-mask",
            "sigmoid",
            {"softmax-of-one": "softmax", "no-bounds": "linear", "above-1": "relu"},
        ),
        ("multi-class-mask", "softmax", {"classes-alone": "sigmoid"}),
        ("image-in-0-1", "sigmoid", {"below-0": "tanh", "above-1": "relu"}),
        ("image-in-minus1-1", "tanh", {"not-below-0": "sigmoid", "no-bounds": "linear"}),
        ("regression", "linear", {"not-below-0": "relu", "none": None}),
    ]:
        trial.call(task)
        trial.expect(activation, mistakes)
    trial.expect_error(ValueError, ("task",), "binary_mask")


# ------------------------------------------------------------------------------ nearest_layer
@visible_check("factor", "channels", points=5)
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
    for rows, columns in sizes:
        x = generator.integers(-9, 9, (2, rows, columns, channels)).astype("float32")
        right = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
        spread = np.zeros_like(right)
        spread[:, ::factor, ::factor] = x
        mistakes = {
            "channels-mixed": np.broadcast_to(right.sum(-1, keepdims=True), right.shape),
            "zeros-between": spread,
            "shared-out": right / factor**2,
        }
        trial.result = models.run(trial, layer, x)
        trial.expect(right, mistakes, atol=1e-4)


# ------------------------------------------------------------------------------ bilinear_kernel
@visible_check("factor", "channels", points=6)
def bilinear_kernel(trial: Trial) -> None:
    """An even and an odd factor, then two channels; Keras' own resizing draws the kernel."""
    for factor, channels in [(2, 1), (3, 1), (2, 2)]:
        expect_bilinear(trial, factor, channels)


def expect_bilinear(trial: Trial, factor: int, channels: int) -> None:
    """Compare one kernel with what bilinear resizing makes of a single bright pixel."""
    trial.compare(_bilinear, factor, channels, mistakes=_not_quite_bilinear, dtype="float32")


def _bilinear(factor: int, channels: int) -> np.ndarray:
    return _bilinear_stamp(factor)[:, :, None, None] * np.eye(channels)


def _not_quite_bilinear(factor: int, channels: int) -> Mistakes:
    stamp, right = _bilinear_stamp(factor), _bilinear(factor, channels)
    wide = np.convolve(np.ones(factor), np.ones(factor))
    centered = 1 - np.abs(np.arange(2 * factor) - factor + 0.5) / factor
    stamps = {
        "divided-by-its-sum": stamp / stamp.sum(),
        "odd-formula": np.outer(wide, wide) / factor**2,
        "even-size": np.outer(centered, centered),
        "divided-by-its-maximum": stamp / stamp.max(),
        "nearest": np.ones((factor, factor)),
    }
    return {
        "no-channel-axes": [stamp, stamp if channels == 1 else right],
        "channels-first": np.moveaxis(right, (2, 3), (0, 1)),
        "channels-mixed": stamp[:, :, None, None] * np.ones((channels, channels)),
        **{kind: wrong[:, :, None, None] * np.eye(channels) for kind, wrong in stamps.items()},
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
@visible_check("kernel", "upstream", "stride", points=5)
def conv_input_gradient(trial: Trial) -> None:
    """One channel, then several and a non-square kernel; TensorFlow's gradient is the oracle."""
    for kernel_shape, size, stride in [
        ((3, 3, 1, 1), (2, 2), 2),
        ((3, 3, 1, 1), (3, 3), 1),
        ((2, 2, 2, 2), (2, 3), 3),
        ((3, 2, 2, 3), (2, 3), 2),
    ]:
        expect_input_gradient(trial, kernel_shape, size, stride, np.random.default_rng(_SEED))


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
    trial.compare(_gradient, kernel, upstream, stride, mistakes=_wrong_gradients, rtol=1e-4)


def _gradient(kernel: np.ndarray, upstream: np.ndarray, *, stride: int) -> np.ndarray:
    sides = zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
    rows, columns = ((n - 1) * stride + k for n, k in sides)
    shape = (len(upstream), rows, columns, kernel.shape[2])
    return oracle.input_gradient(shape, kernel, upstream, stride=stride)


def _wrong_gradients(kernel: np.ndarray, upstream: np.ndarray, stride: int) -> Mistakes:
    rows, columns, inputs, outputs = kernel.shape
    transposed = functools.partial(oracle.conv_transpose, upstream, kernel, stride=stride)
    swapped = kernel.reshape(rows, columns, outputs, inputs).swapaxes(2, 3)
    right, same = _gradient(kernel, upstream, stride=stride), transposed(padding="same")
    return {
        "kernel-turned": _gradient(kernel[::-1, ::-1], upstream, stride=stride),
        "channels-swapped": [
            lambda: _gradient(np.swapaxes(kernel, 2, 3), upstream, stride=stride),
            _gradient(swapped, upstream, stride=stride),
        ],
        "sides-swapped": _gradient(np.swapaxes(kernel, 0, 1), upstream, stride=stride),
        "zeros-at-the-end": transposed(),
        "same-padding": [same, same[:, : right.shape[1], : right.shape[2]]],
    }


# ------------------------------------------------------------------------------ repair_decoder
@visible_check("model", points=5)
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


def expect_repaired(trial: Trial, broken: keras.Sequential) -> None:
    """Have one decoder repaired; look at its size, its layers, and at the argument."""
    settings = ", then ".join(
        f"{layer.kernel_size[0]}x{layer.kernel_size[1]} {layer.padding}"
        + ("" if layer.output_padding is None else f" output_padding={layer.output_padding}")
        for layer in broken.layers
        if isinstance(layer, keras.layers.Conv2DTranspose)
    )
    rows, columns = broken.outputs[0].shape[1:3]
    given = f"a decoder that ends at {rows}x{columns} or fails ({settings})"
    model = models.call_to_rebuild(trial, broken, given)
    models.show_layers(trial, model, broken)
    new, old = models.layers_of(model), models.layers_of(broken)
    names, expected = [[type(layer).__name__ for layer in layers] for layers in (new, old)]
    if names != expected:
        hides = any(n.startswith(("Cropping", "ZeroPadding", "Resizing")) for n in names)
        trial.report(
            "size-hidden" if hides else "layers",
            layers=", ".join(names),
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


# ------------------------------------------------------------------------------ build_decoder
@visible_check("latent_dim", points=6)
def build_decoder(trial: Trial) -> None:
    """Structure only, for two sizes of the latent vector; the notebook trains it."""
    for latent_dim in (8, 1):
        expect_decoder(trial, latent_dim, np.random.default_rng(_SEED))


def expect_decoder(trial: Trial, latent_dim: int, generator: np.random.Generator) -> keras.Model:
    """Build one decoder and judge everything but what it learns."""
    trial.call(latent_dim)
    model = models.expect_model(trial, (latent_dim,))
    models.expect_output_shape(trial, model, (28, 28, 1))
    strided = graphs.strided_transposes(model)
    if len(strided) < 2:
        trial.report("strided-layers", given=len(strided))
    sizes = graphs.feature_map_sizes(model)
    for side in (7, 14):
        if (side, side) not in sizes:
            seen = ", ".join(dict.fromkeys(f"{a}x{b}" for a, b in sizes))
            trial.report("feature-map", expected=f"{side}x{side}", given=seen)
    training.expect_trainable(trial, model)
    latents = generator.normal(size=(16, latent_dim)).astype("float32")
    with models.random_weights(model, generator):
        images = models.run(trial, model, 100 * latents)
        low, high = images.min(), images.max()
        if not np.isfinite(images).all() or low < 0 or high > 1:
            trial.report("out-of-range", low=f"{low:.3g}", high=f"{high:.3g}")
        if np.ptp(models.run(trial, model, latents), axis=0).max() < 1e-6:
            trial.report("same-image")
    training.expect_gradients(trial, model, latents)
    return model
