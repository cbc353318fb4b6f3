"""Blocks: functions of symbolic tensors, such as a resize with the convolution after it.

The checks of exercises that ask for a block make a model of it here, then look at its layers and
compare what it computes with Keras. The set-up cell imports `block_model`, so that grading can call
it where the student's block is.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import keras
import numpy as np

from autograder.lab import checking, models
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
