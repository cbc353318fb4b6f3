"""Blocks: functions of symbolic tensors, such as a resize with the convolution after it.

The checks of exercises that ask for a block make a model of it here, then look at its layers and
compare what it computes with Keras. The set-up cell imports `block_model`, so that grading can call
it where the student's block is.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np

from autograder.lab import checking, graphs, models
from autograder.lab.causes import Mistakes
from autograder.lab.trial import Trial


def block_model(
    block: Any, input_shape: tuple[int, ...], *arguments: Any, **options: Any
) -> keras.Model:
    """A model of what `block(x, ...)` does to tensors of this shape (no batch axis).

    Args:
        block: A function of a symbolic tensor.
        input_shape: Of the tensor.
        *arguments: What else the block is called with.
        **options: The same, by name.
    """
    x = keras.Input(input_shape)
    return keras.Model(x, block(x, *arguments, **options))


def built(trial: Trial, input_shape: tuple[int, int, int], *arguments: Any) -> keras.Model:
    """The model that a trial's block makes of such tensors; end the trial if it is not one."""
    block = trial.function
    trial.function = partial(checking.student_side(block_model), block)
    trial.call(input_shape, *arguments)
    trial.function = block
    return models.expect_model(trial, tuple(input_shape))


def expect_settings(trial: Trial, layer: keras.Layer, wanted: Mapping[str, Any]) -> None:
    """End the trial at the first setting of a layer that is not the one wanted.

    Args:
        trial: It built the layer.
        layer: Of the student's.
        wanted: Kind -> value; a kind is a setting's name with hyphens. "linear" stands for no
            activation.
    """
    for kind, expected in wanted.items():
        setting = kind.replace("-", "_")
        given = getattr(layer, setting)
        if setting == "activation":
            given = models.activation_of(layer) or "linear"
        if given != expected:
            about = {"setting": setting, "given": given, "expected": expected}
            trial.report(kind, at=layer, layer=type(layer).__name__, **about)


def expect_resize_conv(
    trial: Trial,
    input_shape: tuple[int, int, int],
    filters: int,
    options: tuple[Any, ...],
    generator: np.random.Generator,
) -> None:
    """Have a block resize and convolve; look at its layers, then compare its numbers.

    Args:
        trial: Of the block.
        input_shape: Of the tensor, without the batch axis.
        filters: Of the convolution.
        options: Kernel size, factor and interpolation, as many as the block is called with.
        generator: Draws weights and images.
    """
    defaults: tuple[Any, ...] = (3, 2, "nearest")
    size, factor, interpolation = (*options, *defaults[len(options) :])
    model = built(trial, input_shape, filters, *options)
    layers = models.layers_of(model)
    kinds = [type(layer).__name__ for layer in layers]
    if "Conv2DTranspose" in kinds:
        trial.report("transposed-convolution")
    if kinds == ["Conv2D", "UpSampling2D"]:
        trial.report("convolution-first")
    if kinds != ["UpSampling2D", "Conv2D"]:
        given = ", ".join(kinds) or "no layer"
        trial.report("layers", given=given, expected="an UpSampling2D and then a Conv2D")
    upsampling, convolution = layers
    expect_settings(trial, upsampling, {"size": (factor, factor), "interpolation": interpolation})
    wanted = {"filters": filters, "kernel-size": (size, size), "strides": (1, 1)}
    wanted |= {"padding": "same", "activation": "linear"}
    expect_settings(trial, convolution, wanted)
    rows, columns, _ = input_shape
    models.expect_output_shape(trial, model, (rows * factor, columns * factor, filters))
    weights = [generator.normal(size=w.shape) for w in convolution.get_weights()]
    convolution.set_weights(weights)
    x = generator.normal(size=(2, *input_shape)).astype("float32")
    large = keras.layers.UpSampling2D(factor, interpolation=interpolation)(x)
    right = np.asarray(keras.ops.conv(large, weights[0].astype("float32"), padding="same"))
    trial.result = models.run(trial, model, x)
    trial.expect(right + (weights[1] if convolution.use_bias else 0), rtol=1e-4)


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
    model = built(trial, input_shape, filters, *options)
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
    given, expected = tuple(model.outputs[0].shape[1:]), (rows // 2, columns // 2, filters)
    if given != expected:
        kinds = {(rows, columns, filters): "not-halved"}
        kinds[rows // 2 - 1, columns // 2 - 1, filters] = "no-zeros-around"
        for step in graphs.steps_of(model):
            learned = any(weight is kernel for weight in getattr(step.operation, "weights", ()))
            if learned and getattr(step.operation, "padding", "") == "valid":
                kinds[given] = "valid-convolution"
        trial.report(kinds.get(given, "output-shape"), shape=given, expected=expected)
    trial.result = models.run(trial, model, x)
    large = _convolved(x, weights)
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


def _convolved(x: Any, weights: tuple[Any, Any], strides: int = 1) -> np.ndarray:
    kernel, bias = (np.asarray(w, "float32") for w in weights)
    return np.asarray(keras.ops.conv(x, kernel, strides=strides, padding="same")) + bias


def _blurred(
    x: np.ndarray, taps: Sequence[float] = (1, 3, 3, 1), strides: int = 2, padding: str = "same"
) -> np.ndarray:
    """Keras' depthwise convolution with the taps along both axes, scaled to a sum of 1."""
    line = np.array(taps, "float32") / np.sum(taps)
    kernel = np.tile(np.outer(line, line)[..., None, None], (x.shape[-1], 1)).astype("float32")
    return np.asarray(keras.ops.depthwise_conv(x, kernel, strides=strides, padding=padding))


def _wrong_strides(x: np.ndarray, weights: tuple[Any, Any], large: np.ndarray) -> Mistakes:
    right, small = _blurred(large), _blurred(x)
    one, two = ((0, 0), (1, 1), (1, 1), (0, 0)), ((0, 0), (2, 0), (2, 0), (0, 0))
    late = tuple(pair[::-1] for pair in two)

    def cut_after(large: Any) -> list[Any]:
        return [large[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]

    return {
        "blur-first": [
            lambda: _convolved(small, weights),
            lambda: _convolved(_blurred(x, strides=1), weights, strides=2),
        ],
        "other-taps": [
            lambda taps=taps: _blurred(large, taps)
            for taps in ((1, 2, 1), (1, 1), (1, 1, 1), (1, 1, 1, 1), (1, 4, 6, 4, 1), (1, 2, 2, 1))
        ],
        "not-normalized": [2.0**n * right for n in range(-6, 7) if n],
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
            lambda: _convolved(x, weights, strides=2),
        ],
        "no-blur": cut_after(large),
        "pooled": lambda: np.asarray(keras.ops.max_pool(large, 2)),
        "channels-mixed": [right.sum(axis=-1, keepdims=True) + 0 * right],
    }


def _of_lines(x: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Blurred along one axis only, every second pixel along both."""
    line = np.array([1, 3, 3, 1], "float32").reshape(*shape, 1, 1) / 8
    kernel = np.tile(line, (x.shape[-1], 1))
    return np.asarray(keras.ops.depthwise_conv(x, kernel, strides=2, padding="same"))
