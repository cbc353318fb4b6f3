"""Questions that checks ask of Keras models and layers which students built.

A student's builder may return anything. These functions turn what came back into a model that can
be judged, or end the trial with words that say what came instead. Models are judged by structure
and by calling them, never by their Python identity.
"""

import json
from typing import Any

import keras
import numpy as np

from autograder.lab.trial import Trial


def expect_model(trial: Trial, input_shape: tuple[int | None, ...]) -> keras.Model:
    """The last result of `trial`, which must be a built model with this input (no batch axis)."""
    model = trial.result
    if not isinstance(model, keras.Model):
        trial.report("not-a-model", value=describe(model))
    if not model.built or not getattr(model, "inputs", None):
        trial.report("not-built")
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        trial.report("several-inputs")
    shape, expected = tuple(model.inputs[0].shape[1:]), tuple(input_shape)
    if shape != expected:
        kind = "input-shape" if len(shape) == len(expected) else "batch-axis"
        trial.report(kind, shape=shape, expected=expected)
    return model


def call_to_rebuild(trial: Trial, model: keras.Model, given: str) -> keras.Model:
    """Call the function with a model; another one for the same input must come back.

    Args:
        trial: Of a function that takes a model.
        model: Built; the function must leave it as it is.
        given: What messages call the model.
    """
    before, shape = fingerprint(model), tuple(model.inputs[0].shape[1:])
    rebuilt = trial.call(model)
    trial.about("given", model=given)
    if fingerprint(model) != before:
        trial.report("changes-the-model")
    if rebuilt is model:
        trial.report("returned-the-model")
    if isinstance(rebuilt, keras.Sequential) and not rebuilt.built:
        run(trial, rebuilt, np.zeros((1, *shape), "float32"))
    return expect_model(trial, shape)


def expect_output_shape(trial: Trial, model: keras.Model, shape: tuple[int, ...]) -> None:
    """End the trial unless the model says that its output has this shape (no batch axis)."""
    given = tuple(model.outputs[0].shape[1:])
    if given != tuple(shape):
        trial.report("output-shape", shape=given, expected=tuple(shape))


def run(trial: Trial, model: keras.Model | keras.Layer, x: np.ndarray) -> np.ndarray:
    """Call a student's model or layer on a batch; an exception ends the trial with words."""
    try:
        y = model(x, training=False) if isinstance(model, keras.Model) else model(x)
        return np.asarray(keras.ops.convert_to_numpy(y))
    except Exception as error:
        reason = str(error).strip().split("\n")
        reason = next((line for line in reason[1:] if line.strip()), reason[0]).strip()
        about = {"error": type(error).__name__, "reason": reason[:200].rstrip(".")}
        trial.report("fails-when-called", shape=x.shape, **about)


def layers_of(model: keras.Model) -> list[keras.Layer]:
    """All layers in order, those of models inside the model included, without input layers."""
    layers = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            layers.extend(layers_of(layer))
        elif not isinstance(layer, keras.layers.InputLayer):
            layers.append(layer)
    return layers


_FREE = ("initializer", "regularizer", "constraint", "name", "dtype", "trainable")
_OF_CONVOLUTIONS = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias")


def settings_of(layer: keras.Operation) -> dict[str, Any]:
    """Setting -> value, for those that decide what a layer with given weights computes."""
    settings = layer.get_config()
    if isinstance(layer, keras.layers.Conv2D | keras.layers.Conv2DTranspose):
        return {key: settings[key] for key in _OF_CONVOLUTIONS}
    return {key: value for key, value in settings.items() if not key.endswith(_FREE)}


def fingerprint(model: keras.Model) -> tuple[str, list[bytes]]:
    """Configuration and weights of a model, to see whether a function changed it."""
    return json.dumps(model.get_config(), sort_keys=True, default=str), [
        weight.tobytes() for weight in model.get_weights()
    ]


def describe(value: Any) -> str:
    """What a builder returned instead of a model, in a few words."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, type):
        return f"the class {value.__name__} itself: add parentheses to make one"
    if isinstance(value, keras.KerasTensor):
        return "the output tensor: wrap input and output into keras.Model(inputs, outputs)"
    if isinstance(value, keras.Layer) and not isinstance(value, keras.Model):
        return f"a single layer, {type(value).__name__}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return f"an object of type {type(value).__name__}"
