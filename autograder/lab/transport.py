"""How a Keras model travels: its architecture and weights, rebuilt from Keras' own parts.

Grading sends a student's model to another process by `to_data` and `from_data`. Visible checks make
the same trip (`models.arrived`), so that no check promises what grading does not keep. Only classes
and functions that Keras ships arrive; what decides nothing stays behind: what `compile` holds,
initializers, regularizers and constraints of the student's own, and the dtype policy (a model is
judged in float32). A model of a class with a `call` of its own travels as the layers that it calls.

This module and `graphs` know names of Keras that are not public.
"""

import contextlib
import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src import api_export
from keras.src.models.functional import Functional

from autograder.lab import graphs
from autograder.lab.findings import one_line, uncolored

MAX_PARTS = 800
MAX_WEIGHTS = 40_000_000  # numbers in all weights together
_PARTS_OF_MODELS = (
    keras.Operation, keras.Initializer, keras.Regularizer, keras.constraints.Constraint,
    keras.DTypePolicy,
)  # fmt: skip
_PLAIN = {"__keras_tensor__", "__tensor__", "__numpy__", "__ellipsis__", "__slice__"}
_FORBIDDEN = {"Lambda", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "TFSMLayer"}
_MODELS = (keras.Sequential, Functional)  # what a model is that consists of its layers alone
_FLOATS = {"float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"}
FREE = ("initializer", "regularizer", "constraint")  # settings that decide nothing later
_OR_MODEL = "or build the model by keras.Model(inputs, outputs)"
_REMEDY = "build the model of Keras' own layers and keras.ops"


class CannotCross(Exception):
    """A model that cannot travel; the text names what stops it, and the remedy."""


@dataclass
class Origin:
    """What a configuration does not tell of a model that has travelled.

    Attributes:
        outputs: The shapes of its outputs as it said them itself; `None` for a single layer.
        owner: The model whose variables it holds, if it was not made of new layers.
    """

    outputs: list[tuple[int | None, ...]] | None
    owner: keras.Layer | None = None


def to_data(layer: keras.Layer) -> dict[str, Any]:
    """Configuration, weights and what is trainable of a layer or model.

    Raises:
        CannotCross: It is not built of Keras' own parts, or is too large.
    """
    layer = _followed(layer)
    if sum(int(np.prod(weight.shape)) for weight in layer.weights) > MAX_WEIGHTS:
        raise CannotCross(f"it has more than {MAX_WEIGHTS:,} weights")
    parts = _parts(layer)
    with _held(_own_parts(parts)):
        try:
            config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
        except Exception as error:
            raise CannotCross(f"Keras cannot save it: {str(error)[:300]}") from error
    config = _in_float32(config)
    _check(config, [0])
    outputs = getattr(layer, "outputs", None)
    return {
        "config": json.dumps(config),
        "weights": [_number_array(weight) for weight in layer.weights],
        "built": bool(layer.built),
        "trainable": [bool(part.trainable) for part in parts if isinstance(part, keras.Layer)],
        "outputs": None if outputs is None else [list(tensor.shape) for tensor in outputs],
    }


def from_data(data: Any) -> keras.Layer:
    """Rebuild what `to_data` described; `origin` tells what else is known of it.

    Raises:
        CannotCross: It is not of that form, holds something that Keras does not ship, or is too
            large.
    """
    if type(data) is not dict or type(data.get("config")) is not str:
        raise CannotCross("it has another form than a model")
    weights, trainable = data.get("weights"), data.get("trainable")
    if type(weights) is not list or not all(type(w) is np.ndarray for w in weights):
        raise CannotCross("its weights are not arrays")
    try:
        config = json.loads(data["config"])
        _check(config, [0])
        with _float32_by_default():
            layer = _rebuild(config)
    except CannotCross:
        raise
    except Exception as error:
        raise CannotCross(f"Keras cannot rebuild it: {str(error)[:300]}") from error
    if not isinstance(layer, keras.Layer):
        raise CannotCross("it is not a model")
    if data.get("built") and not layer.built:
        raise CannotCross("it is built, but Keras cannot rebuild its weights")
    parts = [part for part in _parts(layer) if isinstance(part, keras.Layer)]
    if type(trainable) is list and len(trainable) == len(parts):
        for part, value in zip(parts, trainable, strict=True):
            if part.trainable != bool(value):
                part.trainable = bool(value)
    _fill(layer, weights)
    object.__setattr__(layer, "_origin", Origin(_shapes(data.get("outputs"))))
    return layer


def origin(layer: keras.Layer) -> Origin:
    """What is known of a model that `from_data` made."""
    return vars(layer).get("_origin", Origin(None))


def share_variables(one: keras.Layer, other: keras.Layer) -> bool:
    """Return True if two models hold a variable together, here or where they came from."""
    return origin(one).owner is other or bool(
        {id(v) for v in one.variables} & {id(v) for v in other.variables}
    )


# ------------------------------------------------------------------------------ a class's own call
def _followed(layer: keras.Layer) -> keras.Layer:
    """A model of a class with a `call` of its own as a model of the layers that it calls.

    All else is returned as it is.

    Raises:
        CannotCross: The model does not know its input, or its `call` does more than call layers.
    """
    kind = type(layer)
    own = "call" in {name for c in _own_classes(kind) for name in vars(c)}
    if not (isinstance(layer, keras.Model) and own):
        return layer
    shape = _input_shape(layer)
    if not layer.built or shape is None:
        raise CannotCross(
            f"`{kind.__name__}` is a class of your own with its own `call`, and it does not know "
            f"its input shape; call it on keras.Input(...) once its layers are made, {_OR_MODEL}"
        )
    try:
        takes_training = "training" in inspect.signature(layer.call).parameters
        image = keras.Input(shape[1:])
        y = layer.call(image, **({"training": None} if takes_training else {}))
        model = keras.Model(image, y)
    except Exception as error:
        said = one_line(uncolored(str(error)), 150) or type(error).__name__
        raise CannotCross(
            f"`{kind.__name__}` is a class of your own, and Keras cannot follow its `call` "
            f"({said}); use Keras' layers and keras.ops in it, "
            f"{_OR_MODEL}"
        ) from error
    used, held = ({id(v) for v in x.variables} for x in (model, layer))
    in_layers = {id(v) for inner in layer.layers for v in inner.variables}
    if not used <= held or not held <= in_layers:
        reason = "makes its layers anew" if not used <= held else "has weights outside of layers"
        raise CannotCross(
            f"`{kind.__name__}` is a class of your own that {reason}; make all layers in its "
            f"`__init__`, {_OR_MODEL}"
        )
    return model


def _input_shape(model: keras.Model) -> tuple[int | None, ...] | None:
    """The shape of a built model's one input, batch axis first; None if it is not known."""
    inputs = getattr(model, "inputs", None) or []
    if inputs:
        return tuple(inputs[0].shape) if len(inputs) == 1 else None
    shape = (model.get_build_config() or {}).get("input_shape")
    if not isinstance(shape, tuple | list) or any(type(n) not in (int, type(None)) for n in shape):
        return None
    return tuple(shape)


def _own_classes(kind: type) -> tuple[type, ...]:
    """The classes of a student's own that a class is made of, before the first of Keras'."""
    shipped = next(c for c in kind.__mro__ if c.__module__.startswith("keras.src."))
    return kind.__mro__[: kind.__mro__.index(shipped)]


def _parts(layer: keras.Layer) -> list[keras.Operation]:
    """The layer and all that it is made of, in a fixed order."""
    parts = []
    for part in graphs.parts_of(layer):
        parts.append(part)
        if len(parts) > MAX_PARTS:
            raise CannotCross(f"it has more than {MAX_PARTS} layers")
    return parts


def _fill(layer: keras.Layer, weights: list[np.ndarray]) -> None:
    wanted, given = [tuple(w.shape) for w in layer.weights], [w.shape for w in weights]
    if given != wanted:
        raise CannotCross(
            f"its weights have the shapes {given}, but its layers' settings ask for {wanted}; a "
            "setting was changed after the layer had been built: make a new layer instead"
        )
    for variable, value in zip(layer.weights, weights, strict=True):
        variable.assign(value)


def _shapes(outputs: Any) -> list[tuple[int | None, ...]] | None:
    """Shapes as the other process said them; `None` where it said anything else."""
    if type(outputs) is not list or not all(type(shape) is list for shape in outputs):
        return None
    if any(n is not None and type(n) is not int for shape in outputs for n in shape):
        return None
    return [tuple(shape) for shape in outputs]


# ------------------------------------------------------------------------------ what is Keras' own
def _equals() -> dict[int, Any]:
    """Function by id -> the activation of Keras that computes the same.

    By identity: a function of the student's may have any name. `keras.ops.gelu` differs from the
    activation by less than 0.001.
    """
    named = {
        name: function
        for name, function in vars(keras.activations).items()
        if callable(function) and name not in ("get", "serialize", "deserialize")
    }
    aliases = {"exp": keras.activations.exponential}
    aliases |= {"swish": keras.activations.silu, "hard_swish": keras.activations.hard_silu}
    found = {id(function): function for function in named.values()}
    found[id(tf.identity)] = keras.activations.linear
    for module in (keras.ops, tf.nn, tf.math, tf):
        for name, function in (named | aliases).items():
            if hasattr(module, name):
                found.setdefault(id(getattr(module, name)), function)
    return found


_EQUALS = _equals()


def _own_parts(parts: list[keras.Operation]) -> list[tuple[Any, str, Any]]:
    """(part, attribute, value): what to put in place of that which is not Keras' own.

    Raises:
        CannotCross: There is nothing of Keras' that computes the same.
    """
    changes = []
    for part in parts:
        kind = _class_of(part)
        if kind is not type(part):
            changes.append((part, "__class__", kind))
        for name, value in vars(part).items():
            if name.endswith("activation") and not isinstance(value, keras.Layer | None):
                same = _EQUALS.get(id(value))
                if same is None:
                    own = getattr(value, "__name__", repr(value)[:60])
                    raise CannotCross(
                        f"{_named(part)} has the {name} `{own}`, which is none of Keras' "
                        'functions; name one of those, such as activation="relu"'
                    )
                changes.append((part, name, same))
            elif name.endswith(FREE) and not _is_keras_setting(value):
                changes.append((part, name, _default(kind, name)))
        if isinstance(part, keras.Model):
            changes.append((part, "compiled", False))
    return changes


def _class_of(part: keras.Operation) -> type:
    """Keras' class that a part stands for: its own, or the one that a builder class extends."""
    kind = type(part)
    if kind.__name__ in _FORBIDDEN:
        raise CannotCross(f"{_named(part)} holds code of its own; {_REMEDY}")
    own = _own_classes(kind)
    shipped = kind.__mro__[len(own)]
    if not own:
        return kind
    if not isinstance(part, keras.Model):
        raise CannotCross(f"{_named(part)} is of a class of your own; {_REMEDY}")
    if shipped not in _MODELS or any({"call", "__call__"} & vars(c).keys() for c in own):
        raise CannotCross(
            f"`{kind.__name__}` is a class of your own with its own `call`; return "
            "keras.Model(inputs, outputs) instead"
        )
    return shipped


def _named(part: keras.Operation) -> str:
    return f"the layer `{part.name}` ({type(part).__name__})"


def _is_keras_setting(value: Any) -> bool:
    """Return True for an initializer, regularizer or constraint that Keras ships, and for none."""
    if value is None:
        return True
    if not _is_shipped(type(value).__module__, type(value).__name__):
        return False
    return all(type(x) in (bool, int, float, str, type(None)) for x in value.get_config().values())


def _default(kind: type, name: str) -> Any:
    """What a layer class takes where nothing is said."""
    known = inspect.signature(kind.__init__).parameters.get(name.lstrip("_"))
    given = None if known is None or known.default is known.empty else known.default
    return keras.initializers.get(given) if name.endswith("initializer") else None


@contextlib.contextmanager
def _held(changes: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """Have attributes hold other values for a while; nobody is told of the change."""
    before = [(part, name, getattr(part, name)) for part, name, _ in changes]
    try:
        for part, name, value in changes:
            object.__setattr__(part, name, value)
        yield
    finally:
        for part, name, value in reversed(before):
            object.__setattr__(part, name, value)


# ------------------------------------------------------------------------------ one precision
def _in_float32(config: Any, key: str = "") -> Any:
    """The same configuration, without what `compile` held and with float32 for any other float."""
    if isinstance(config, dict):
        return {k: _in_float32(v, k) for k, v in config.items() if k != "compile_config"}
    if isinstance(config, list):
        return [_in_float32(value, key) for value in config]
    return "float32" if key in ("dtype", "name") and config in _FLOATS else config


def _number_array(weight: keras.Variable) -> np.ndarray:
    array = np.asarray(weight)
    return array.astype("float32") if keras.backend.is_float_dtype(weight.dtype) else array


@contextlib.contextmanager
def _float32_by_default() -> Iterator[None]:
    """Make layers as if the notebook had set neither `floatx` nor a dtype policy."""
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    try:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


# ------------------------------------------------------------------------------ what is rebuilt
def _rebuild(config: dict[str, Any]) -> Any:
    """What Keras makes of a configuration; its `Sequential` is built once, not layer by layer."""
    if config.get("class_name") != "Sequential":
        return keras.saving.deserialize_keras_object(config, safe_mode=True)
    inner = config["config"]
    made = keras.Sequential([_rebuild(layer) for layer in inner["layers"]], name=inner["name"])
    if not made.built and inner.get("build_input_shape"):
        made.build(inner["build_input_shape"])
    return made


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
        raise CannotCross("its configuration is too large")
    if isinstance(config, dict):
        if "class_name" in config or "module" in config:
            name, module = config.get("class_name"), config.get("module")
            if not (module is None and name in _PLAIN) and not _is_shipped(module, name):
                raise CannotCross(
                    f"it holds a {name} of {module}, which Keras does not ship; {_REMEDY}"
                )
            if config.get("registered_name") not in (None, name):
                raise CannotCross(f"it holds a class of its own, {config['registered_name']}")
        for value in config.values():
            _check(value, count, depth + 1)
    elif isinstance(config, list):
        for value in config:
            _check(value, count, depth + 1)
