"""Questions that checks ask of Keras models and layers which students built.

A student's builder may return anything. These functions turn what came back into a model that can
be judged, or end the trial with words that say what came instead. Models are judged by structure
and by calling them, never by their Python identity.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from autograder.lab import checking, graphs, transport
from autograder.lab.findings import uncolored
from autograder.lab.trial import Trial


def expect_model(trial: Trial, input_shape: tuple[int | None, ...]) -> keras.Model:
    """The last result of `trial`, which must be a built model with this input (no batch axis).

    A model for images of any size is returned as one for this size.
    """
    model = trial.result
    if not isinstance(model, keras.Model):
        trial.report("not-a-model", value=describe(model))
    model = arrived(trial, model)
    show_layers(trial, model)
    if not model.built or not getattr(model, "inputs", None):
        trial.report("not-built")
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        trial.report("several-inputs")
    shape, expected = tuple(model.inputs[0].shape[1:]), tuple(input_shape)
    if not _fits(shape, expected):
        one_off = _fits(shape[1:], expected) or _fits(shape, expected[1:])
        trial.report("batch-axis" if one_off else "input-shape", shape=shape, expected=expected)
    if shape != expected:
        image = keras.Input(expected, dtype=model.inputs[0].dtype)
        model = keras.Model(image, model(image))
    return model


def _fits(shape: tuple[int | None, ...], expected: tuple[int | None, ...]) -> bool:
    """Return True if inputs of the expected shape fit; None takes any length."""
    pairs = zip(shape, expected, strict=False)
    return len(shape) == len(expected) and all(given in (None, n) for given, n in pairs)


def show_layers(trial: Trial, model: keras.Model, wanted: keras.Model | None = None) -> None:
    """Have whatever the trial ends with list the layers of the student's model.

    Args:
        trial: It got the model.
        model: The student's.
        wanted: A model with the layers that are expected, if there is one.
    """

    def layers(at: Any) -> dict[str, Any]:
        try:
            steps = graphs.steps_of(model)
            expected = graphs.steps_of(wanted) if wanted else []
        except Exception:  # it is not built, or no call of its layers fits the one before
            return {}
        places = [step.index for step in steps if at is not None and step.operation is at]
        return {
            "yours_layers": tuple(map(_layer_line, steps)),
            "wanted_layers": tuple(map(_layer_line, expected)),
            "differing_layer": places[0] if places else -1,
        }

    trial.layers = layers


_TOLD = (
    "units", "filters", "kernel_size", "size", "pool_size", "strides", "padding", "output_padding",
    "interpolation", "target_shape", "cropping", "rate",
)  # fmt: skip


def _layer_line(step: graphs.Step) -> str:
    """A layer as code, and the shape of what it gives."""
    layer, shape = step.operation, step.shape[1:]
    if layer is None:
        return f"Input  →  {shape}"
    told = {key: getattr(layer, key, None) for key in _TOLD}
    told["activation"] = activation_of(layer) if hasattr(layer, "activation") else None
    settings = ", ".join(f"{key}={value!r}" for key, value in told.items() if value is not None)
    return f"{type(layer).__name__}({settings})  →  {shape}"


def arrived(trial: Trial, layer: keras.Layer) -> keras.Layer:
    """A layer or model of the student's as grading receives it; end the trial if it cannot travel.

    Where the student's code runs elsewhere, it has made the way already.
    """
    if not checking.is_elsewhere():
        try:
            layer = transport.from_data(transport.to_data(layer))
        except transport.CannotCross as error:
            trial.report("cannot-be-graded", reason=error)
    said, outputs = transport.origin(layer).outputs, getattr(layer, "outputs", None)
    now = [tuple(tensor.shape) for tensor in outputs or []]
    if said and now and said != now:
        trial.report("set-after-building", said=said[0][1:], now=now[0][1:])
    return layer


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
    if isinstance(rebuilt, keras.Layer) and transport.share_variables(rebuilt, model):
        same = fingerprint(rebuilt) == before
        trial.report("returned-the-model" if same else "reuses-layers")
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
        reason = uncolored(str(error)).strip().split("\n")
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


_ACTIVATIONS = {name.replace("_", ""): name for name in (*vars(keras.activations), "prelu")}


def activation_of(operation: Any) -> str | None:
    """The name of the activation that an operation is or ends in; `None` if there is none."""
    if isinstance(operation, keras.layers.Wrapper):
        return activation_of(operation.layer)
    kind, function = type(operation).__name__.lower(), getattr(operation, "activation", None)
    if kind in _ACTIVATIONS:
        return _ACTIVATIONS[kind]
    if isinstance(function, keras.Layer):
        return activation_of(function)
    return None if function in (None, keras.activations.linear) else function.__name__


@contextlib.contextmanager
def random_weights(model: keras.Model, generator: np.random.Generator) -> Iterator[None]:
    """Have a model hold random weights for a while: what it can do, not what it starts with.

    A layer that starts at zero, as the last one of a residual often does, is no mistake.
    """
    saved = model.get_weights()
    for weight in model.trainable_weights:
        if "kernel" in weight.name:
            scale = np.sqrt(2 / np.prod(weight.shape[:-1]))
            weight.assign(generator.normal(0, scale, weight.shape))
        else:
            weight.assign(weight + generator.normal(0, 0.1, weight.shape))
    try:
        yield
    finally:
        model.set_weights(saved)


_FREE = (*transport.FREE, "name", "dtype", "trainable")
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
