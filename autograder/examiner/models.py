"""Keras models and layers as data: configuration and weights, rebuilt in safe mode.

Only classes that Keras itself ships are rebuilt; what a student's process sends is checked against
that list before Keras sees it.
"""

import json
import sys
from collections import defaultdict
from typing import Any

import keras
import numpy as np
from keras.src import api_export
from keras.src.backend.common import global_state

from autograder.examiner.wire import WireError

MAX_LAYERS = 400
MAX_WEIGHTS = 40_000_000  # numbers in all weights together
_PARTS_OF_MODELS = (
    keras.Operation, keras.Initializer, keras.Regularizer, keras.constraints.Constraint,
    keras.DTypePolicy, keras.Optimizer, keras.optimizers.schedules.LearningRateSchedule,
    keras.Loss, keras.Metric,
)  # fmt: skip
_PLAIN = {"__keras_tensor__", "__tensor__", "__numpy__", "__ellipsis__", "__slice__"}
_FORBIDDEN = {"Lambda", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "TFSMLayer"}


def name_layers_apart() -> None:
    """Have layers that this process names get numbers that the other process never reaches.

    Keras counts names process by process. A model may hold layers of both, and their names must
    differ, as they do where one process makes them all.
    """

    class Counters(defaultdict):
        def __contains__(self, name: object) -> bool:
            return True  # so that the first layer of a kind gets a number, too

    global_state.set_global_attribute("object_name_uids", Counters(lambda: 100_000))


def to_data(layer: keras.Layer) -> dict[str, Any]:
    """Configuration, weights and what is trainable of a layer or model.

    Raises:
        WireError: It is not built of Keras' own classes, or is too large.
    """
    kind = "model" if isinstance(layer, keras.Model) else "layer"
    for part in _parts(layer):
        name = type(part).__name__
        if not type(part).__module__.startswith("keras.") or name in _FORBIDDEN:
            raise WireError(f"a {kind} with a {name} layer cannot cross: use Keras' own layers")
    weights = [np.asarray(weight) for weight in layer.weights]
    if sum(weight.size for weight in weights) > MAX_WEIGHTS:
        raise WireError(f"a {kind} with more than {MAX_WEIGHTS:,} weights is too large to cross")
    try:
        config = json.dumps(keras.saving.serialize_keras_object(layer))
    except Exception as error:
        raise WireError(f"this {kind} cannot cross, nor be saved: {error}") from error
    return {
        "config": config,
        "weights": weights,
        "built": bool(layer.built),
        "trainable": [bool(part.trainable) for part in _parts(layer)],
    }


def from_data(data: Any) -> keras.Layer:
    """Rebuild what `to_data` described.

    Raises:
        WireError: It is not of that form, names a class that Keras does not ship, or is too large.
    """
    if type(data) is not dict or type(data.get("config")) is not str:
        raise WireError("no value: a model of the wrong form")
    config, weights, trainable = json.loads(data["config"]), data["weights"], data["trainable"]
    if type(weights) is not list or not all(type(w) is np.ndarray for w in weights):
        raise WireError("no value: a model whose weights are not arrays")
    _check(config, [0])
    try:
        layer = _rebuild(config)
    except Exception as error:
        raise WireError(f"a model that Keras cannot rebuild: {str(error)[:300]}") from error
    if not isinstance(layer, keras.Layer):
        raise WireError("no value: something that is not a model")
    if data.get("built") and not layer.built:
        raise WireError("a layer that is built, but Keras cannot rebuild its weights")
    parts = list(_parts(layer))
    if type(trainable) is list and len(trainable) == len(parts):
        for part, value in zip(parts, trainable, strict=True):
            if part.trainable != bool(value):
                part.trainable = bool(value)
    wanted = [tuple(weight.shape) for weight in layer.weights]
    if [w.shape for w in weights] != wanted:
        raise WireError(f"a model with weights of other shapes than its layers have, {wanted}")
    for variable, value in zip(layer.weights, weights, strict=True):
        variable.assign(value)
    return layer


def _rebuild(config: dict[str, Any]) -> Any:
    """What Keras makes of a configuration; its `Sequential` is built once, not layer by layer."""
    if config.get("class_name") != "Sequential" or config.get("compile_config"):
        return keras.saving.deserialize_keras_object(config, safe_mode=True)
    inner = config["config"]
    model = keras.Sequential([_rebuild(layer) for layer in inner["layers"]], name=inner["name"])
    if not model.built and inner.get("build_input_shape"):
        model.build(inner["build_input_shape"])
    return model


def replace(layer: keras.Layer, changed: keras.Layer) -> None:
    """Turn `layer` into `changed`, for a caller that still holds it."""
    if type(changed) is type(layer):
        layer.__dict__.clear()
        layer.__dict__.update(changed.__dict__)


def _parts(layer: keras.Layer) -> list[keras.Layer]:
    """The layer and all layers in it, in a fixed order."""
    found = [layer]
    for inner in getattr(layer, "layers", []):
        found.extend(_parts(inner))
        if len(found) > MAX_LAYERS:
            raise WireError(f"a model of more than {MAX_LAYERS} layers is too large to cross")
    return found


def _is_shipped(module: Any, name: Any) -> bool:
    """Return True if these names lead to a class that Keras ships, not to a function.

    Its functions would be called with whatever arguments a configuration names; some of them
    change how Keras computes.
    """
    if type(module) is not str or type(name) is not str or name in _FORBIDDEN:
        return False
    found = api_export.get_symbol_from_name(f"{module}.{name}")
    if found is None and module in sys.modules:
        found = vars(sys.modules[module]).get(name)
    return (
        isinstance(found, type)
        and issubclass(found, _PARTS_OF_MODELS)
        and found.__module__.startswith("keras.src.")
    )


def _check(config: Any, count: list[int], depth: int = 0) -> None:
    """Walk a configuration: only Keras' own classes, a bounded number of them."""
    count[0] += 1
    if depth > 40 or count[0] > 200_000:
        raise WireError("a model with a configuration that is too large")
    if isinstance(config, dict):
        if "class_name" in config or "module" in config:
            name, module = config.get("class_name"), config.get("module")
            if not (module is None and name in _PLAIN) and not _is_shipped(module, name):
                raise WireError(f"a model with a {name} of {module}, which Keras does not ship")
            if config.get("registered_name") not in (None, name):
                raise WireError(f"a model with a class of its own, {config['registered_name']}")
        for value in config.values():
            _check(value, count, depth + 1)
    elif isinstance(config, list):
        for value in config:
            _check(value, count, depth + 1)
